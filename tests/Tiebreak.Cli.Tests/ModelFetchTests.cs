using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

[Collection(HubEnvironment.Name)]
public sealed class ModelFetchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeHub _hub = new();

    public ModelFetchTests()
    {
        Environment.SetEnvironmentVariable("HF_ENDPOINT", _hub.Address.ToString());
        _hub.Files["config.json"] = System.Text.Encoding.UTF8.GetBytes(FakeCheckpoint.Config);
        _hub.Files["tokenizer.json"] = "{}"u8.ToArray();
        _hub.Files["README.md"] = "---\nlicense: mit\n---\n"u8.ToArray();
        foreach (var name in (string[])["model.onnx", "onnx/model.onnx", "tf_model.h5", "flax_model.msgpack", "model.gguf",
            "original/consolidated.00.pth", "consolidated.safetensors"])
        {
            _hub.Files[name] = "for others"u8.ToArray();
        }
    }

    private string Model => _folder["model"];

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HF_ENDPOINT", null);
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_needed_files_come_and_can_be_inspected_and_do_not_come_twice()
    {
        _hub.Files["model.safetensors"] = FakeCheckpoint.Safetensors(FakeCheckpoint.Tensors);
        _hub.Files["pytorch_model.bin"] = "the same weights"u8.ToArray();

        var run = await FetchAsync("--json");
        Assert.Equal((0, "c0ffee", "owner/tiny"), (run.ExitCode, (string?)run.Json["commit"], (string?)run.Json["name"]));
        Assert.Equal(["README.md", "config.json", "model.safetensors", "tokenizer.json"], Names());
        Assert.Equal(0, (await CommandRun.OfAsync("model", "inspect", Model)).ExitCode);

        Assert.Contains("verified; 4 were there before", (await FetchAsync()).Output, StringComparison.Ordinal);
        Assert.Equal(4, _hub.Downloads.Count());
    }

    [Fact]
    public async Task Shards_come_by_their_index()
    {
        _hub.Files["model.safetensors.index.json"] =
            """{"weight_map":{"model.embed_tokens.weight":"part-1.safetensors","score.weight":"part-2.safetensors"}}"""u8.ToArray();
        _hub.Files["part-1.safetensors"] = FakeCheckpoint.Safetensors(FakeCheckpoint.Tensors[..3]);
        _hub.Files["part-2.safetensors"] = FakeCheckpoint.Safetensors(FakeCheckpoint.Tensors[3..]);

        Assert.Equal(0, (await FetchAsync()).ExitCode);
        Assert.Equal(
            ["README.md", "config.json", "model.safetensors.index.json", "part-1.safetensors", "part-2.safetensors", "tokenizer.json"],
            Names());

        _hub.Files.Remove("part-2.safetensors");
        Assert.Contains(
            "names part-2.safetensors, which the repository does not hold", (await FetchAsync()).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pickles_come_only_where_there_is_nothing_else()
    {
        Assert.Contains("holds no weights that Tiebreak reads", (await FetchAsync()).Errors, StringComparison.Ordinal);

        _hub.Files["pytorch_model.bin"] = new byte[2000];
        Assert.Equal(0, (await FetchAsync()).ExitCode);
        Assert.Equal(["README.md", "config.json", "pytorch_model.bin", "tokenizer.json"], Names());
    }

    [Fact]
    public async Task What_broke_off_is_resumed_by_the_same_command()
    {
        // 16 KB of weights, of which the first 5,000 bytes are there.
        _hub.Files["model.safetensors"] = FakeCheckpoint.Safetensors([("model.embed_tokens.weight", [1000, 4])]);
        Directory.CreateDirectory(Model);
        await File.WriteAllBytesAsync(
            _folder["model/model.safetensors.partial"], _hub.Files["model.safetensors"][..5000], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder["model/model.safetensors.partial.etag"], _hub.Tag, TestContext.Current.CancellationToken);

        var run = await FetchAsync("--json");
        Assert.Equal("Resumed", (string?)run.Json["files"]!.AsArray().Single(file =>
            ((string?)file!["path"])!.EndsWith("model.safetensors", StringComparison.Ordinal))!["outcome"]);
        Assert.Contains(
            _hub.Downloads, request => string.Equals(request.Headers.GetValueOrDefault("Range"), "bytes=5000-", StringComparison.Ordinal));
        Assert.Equal(
            _hub.Files["model.safetensors"],
            await File.ReadAllBytesAsync(_folder["model/model.safetensors"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_gated_model_needs_a_token()
    {
        _hub.Files["model.safetensors"] = FakeCheckpoint.Safetensors(FakeCheckpoint.Tensors);
        _hub.Behave = (request, _) =>
            string.Equals(request.Headers.GetValueOrDefault("Authorization"), "Bearer secret", StringComparison.Ordinal)
                ? null
                : new FakeHubAnswer { Status = 401 };

        var refused = await FetchAsync();
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("accept its terms", refused.Errors, StringComparison.Ordinal);

        Environment.SetEnvironmentVariable("HF_TOKEN", "secret");
        try
        {
            Assert.Equal(0, (await FetchAsync()).ExitCode);
        }
        finally
        {
            Environment.SetEnvironmentVariable("HF_TOKEN", null);
        }
    }

    [Fact]
    public async Task Damaged_bytes_are_not_kept()
    {
        _hub.Files["model.safetensors"] = FakeCheckpoint.Safetensors([("model.embed_tokens.weight", [1000, 4])]);
        _hub.Behave = (request, _) => request.Path.EndsWith("/model.safetensors", StringComparison.Ordinal)
            ? new FakeHubAnswer { Body = new byte[_hub.Files["model.safetensors"].Length] }
            : null;

        var run = await FetchAsync();
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("model.safetensors is not what its hub says it is", run.Errors, StringComparison.Ordinal);
        Assert.Equal(["README.md", "config.json", "tokenizer.json"], Names());
    }

    private Task<CommandRun> FetchAsync(params string[] more) =>
        CommandRun.OfAsync(["model", "fetch", "owner/tiny", "--out", Model, .. more]);

    private IEnumerable<string?> Names() => Directory.GetFileSystemEntries(Model).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
