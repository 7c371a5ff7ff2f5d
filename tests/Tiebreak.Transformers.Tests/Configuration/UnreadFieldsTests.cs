using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Tests.Golden;

namespace Tiebreak.Transformers.Tests.Configuration;

/// <summary>Fields of a configuration that nothing looks at are named, unless they are known to be without effect.</summary>
public sealed class UnreadFieldsTests
{
    [Theory]
    [MemberData(nameof(TinyFamilies.Names), MemberType = typeof(TinyFamilies))]
    public void What_a_family_does_not_know_is_named_wherever_it_stands(string family)
    {
        var json = JsonNode.Parse(TinyFamilies.Configurations[family])!.AsObject();
        Assert.Empty(Unread(json));

        var part = json["text_config"]?.AsObject() ?? json;
        (part["score_norm"], part["use_cache"], part["clip_qkv"], part["experts"]) = ("rms", true, null, new JsonArray());
        Assert.Equal(["score_norm"], Unread(json));
    }

    [Theory]
    [MemberData(nameof(GoldenTests.Cases), MemberType = typeof(GoldenTests))]
    public void What_transformers_writes_is_known(string name)
    {
        var golden = new GoldenCase(name);
        foreach (var path in Directory.GetFiles(golden.Folder, "config*.json"))
            Assert.Empty(UnreadFields.Of(ModelConfig.ReadFile(path), HeadKind.Classifier));
    }

    private static IReadOnlyList<string> Unread(JsonObject json) =>
        UnreadFields.Of(ModelConfig.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), "config.json"), HeadKind.Classifier);
}
