using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

public sealed class ModelVerbTests
{
    [Fact]
    public async Task Inspect_says_what_a_checkpoint_holds()
    {
        var run = await CommandRun.OfAsync("model", "inspect", Repository.Shared("golden", "models", "llama_sharded"), "--tensors", "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("LlamaForSequenceClassification", (string?)run.Json["architecture"]);
        Assert.Equal((int)run.Json["tensors"]!, run.Json["list"]!.AsArray().Count);
        Assert.True(run.Json["files"]!.AsArray().Count > 1);
    }

    [Fact]
    public async Task A_pointer_in_place_of_weights_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("model.safetensors", "version https://git-lfs.github.com/spec/v1\n");
        var run = await CommandRun.OfAsync("model", "inspect", folder.Path);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is a pointer of git-LFS", run.Errors, StringComparison.Ordinal);
    }
}
