using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Judges.Bundling;

namespace Tiebreak.Transformers.Tests.Judges;

/// <summary>What a bundle holds, what it proves when it is opened, and what it says when something was changed.</summary>
public sealed class BundleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_bundle_holds_everything_but_the_base()
    {
        await TrainAdaptedAsync();
        string[] files = [.. Directory.GetFiles(_folder["judge"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "adapter_config.json", "adapter_model.safetensors", "check.jsonl", "judge.json", "judge.sha256", "seen.bin",
                "tokenizer.json", "transformer.json",
            ],
            files);

        // The adapter of the recipe is no longer needed.
        Directory.Delete(_folder["adapter"], recursive: true);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        Assert.Equal("sections", (string)bundle.Manifest.Recipe["template"]!["layout"]!);
        Assert.Contains("libtorch", bundle.Manifest.Versions.Keys);
    }

    [Fact]
    public async Task A_model_that_is_larger_than_the_memory_of_its_placement_is_refused()
    {
        await TrainAdaptedAsync();
        var weights = new FileInfo(Path.Combine(_folder["gemma"], "model.safetensors")).Length;
        var error = await Assert.ThrowsAsync<InputException>(
            () => JudgeBundles.OpenAsync(_folder["judge"], new Placement { Threads = 2, MemoryBytes = weights - 1 }));
        Assert.Contains("bytes of weights, more than the", error.Message, StringComparison.Ordinal);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"], new Placement { Threads = 2, MemoryBytes = 2 * weights });
        Assert.NotNull(bundle.Judge.Traits.States);
    }

    [Theory]
    [InlineData("adapter_model.safetensors")]
    [InlineData("adapter_config.json")]
    [InlineData("tokenizer.json")]
    [InlineData("transformer.json")]
    public async Task A_file_of_the_bundle_that_was_changed_is_named(string name)
    {
        await TrainAdaptedAsync();
        var path = Path.Combine(_folder["judge"], name);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        var error = await Assert.ThrowsAsync<InputException>(() => JudgeBundles.OpenAsync(_folder["judge"]));
        Assert.Contains($"is damaged: {name}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors", "has other content")]
    [InlineData("config.json", "bytes instead of")]
    public async Task A_base_that_was_changed_is_named(string name, string said)
    {
        await TrainAdaptedAsync();
        var path = Path.Combine(_folder["gemma"], name);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^2] ^= 1;
        await File.WriteAllBytesAsync(path, name is "config.json" ? [.. bytes, (byte)'\n'] : bytes);
        var error = await Assert.ThrowsAsync<InputException>(() => JudgeBundles.OpenAsync(_folder["judge"]));
        Assert.Contains($"{path} {(said is "has other content" ? said : "has")}", error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("TIEBREAK_MODELS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_that_was_moved_is_found_where_it_is_said_to_be()
    {
        await TrainAdaptedAsync();
        Directory.CreateDirectory(_folder["elsewhere"]);
        Directory.Move(_folder["gemma"], _folder["elsewhere/gemma"]);
        var error = await Assert.ThrowsAsync<InputException>(() => JudgeBundles.OpenAsync(_folder["judge"]));
        Assert.Contains(
            "which is not there. Put it back, or set TIEBREAK_MODELS to the folder that holds gemma",
            error.Message,
            StringComparison.Ordinal);

        // Both moved together.
        Directory.Move(_folder["judge"], _folder["elsewhere/judge"]);
        var opened = await JudgeBundles.OpenAsync(_folder["elsewhere/judge"]);
        await opened.DisposeAsync();
        await opened.DisposeAsync();
    }

    [Fact]
    public void A_moved_base_is_looked_for_in_the_named_folders()
    {
        var model = TinyModel.Gemma(_folder);
        var known = BaseModel.Of(model, _folder["judge"]);
        Directory.CreateDirectory(_folder["named"]);
        Directory.Move(model, _folder["named/gemma"]);
        try
        {
            foreach (var named in new[]
            {
                _folder["named"], _folder["named/gemma"], $"{_folder["nowhere"]}{Path.PathSeparator}{_folder["named"]}",
            })
            {
                Environment.SetEnvironmentVariable(BaseModel.Variable, named);
                Assert.Equal(_folder["named/gemma"], known.Locate(_folder["judge"]));
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable(BaseModel.Variable, null);
        }
    }

    [Fact]
    public void Of_a_large_file_a_sample_is_hashed_and_every_block_of_it_counts()
    {
        var bytes = new byte[12 << 20];
        new Random(3).NextBytes(bytes);
        var path = _folder["weights"];
        File.WriteAllBytes(path, bytes);
        var known = BaseModelFile.Of(path);
        Assert.Equal(known, BaseModelFile.Of(path));

        // Another checkpoint differs nearly everywhere; one that differs in an eighth of its bytes is still seen.
        foreach (var eighth in Enumerable.Range(0, 8))
        {
            var other = bytes.ToArray();
            foreach (ref var value in other.AsSpan(eighth * (bytes.Length / 8), bytes.Length / 8))
                value ^= 1;
            File.WriteAllBytes(path, other);
            Assert.NotEqual(known.Sha256, BaseModelFile.Of(path).Sha256);
        }

        File.WriteAllBytes(path, bytes[..^1]);
        Assert.NotEqual(known.Sha256, BaseModelFile.Of(path).Sha256);
    }

    [Fact]
    public async Task A_judge_that_answers_otherwise_is_refused_though_every_file_is_as_it_was()
    {
        await TrainAdaptedAsync();
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(_folder["judge/judge.json"]))!;
        manifest["recipe"]!["template"]!["prompt_label"] = "Question: ";
        ProvenManifest.Write(_folder["judge/judge.json"], manifest.ToJsonString());
        var error = await Assert.ThrowsAsync<InputException>(() => JudgeBundles.OpenAsync(_folder["judge"]));
        Assert.Contains("does not reproduce itself", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(QuantizationFormat.Nf4)]
    [InlineData(QuantizationFormat.Int8)]
    public async Task A_packed_base_with_an_adapter_is_a_judge(QuantizationFormat format)
    {
        var plain = TinyModel.Gemma(_folder);
        await ModelQuantizer.RunAsync(
            plain, _folder["packed"], new QuantizationOptions { Format = format, GroupSize = 8, DoubleQuantization = true }, []);
        var recipe = new JsonObject { ["model"] = _folder["packed"], ["adapter"] = WriteAdapter(), ["max_tokens"] = 256 };
        await JudgeBundles.TrainAsync(_folder["judge"], recipe);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        Assert.All(
            await bundle.Judge.JudgeAsync(SyntheticBattles.Create(5, labelled: false)), preference => Assert.True(preference.IsValid));
    }

    [Theory]
    [InlineData("bfloat16", "float", 0.02)]
    [InlineData("float16", "float", 0.005)]
    [InlineData("float32", "float", 1e-4)]
    [InlineData("float32", "int8", 0.02)]
    public async Task The_tolerance_of_check_rows_follows_the_type(string dtype, string compute, double tolerance)
    {
        var outcome = await JudgeBundles.TrainAsync(
            _folder["judge"],
            new JsonObject { ["model"] = TinyModel.Deberta(_folder), ["max_tokens"] = 96, ["dtype"] = dtype, ["compute"] = compute },
            battles: 12);
        Assert.Equal(tolerance, outcome.Manifest.CheckTolerance);
        await (await JudgeBundles.OpenAsync(_folder["judge"])).DisposeAsync();
    }

    private Task TrainAdaptedAsync() => JudgeBundles.TrainAsync(
        _folder["judge"],
        new JsonObject { ["model"] = TinyModel.Gemma(_folder), ["adapter"] = WriteAdapter(), ["max_tokens"] = 256 }, battles: 30);

    private string WriteAdapter() => Adapters.TinyAdapter.Write(_folder);
}
