using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Torch.Checkpoints;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CheckpointTests() => TorchRuntime.Start();

    public static TheoryData<string, DType> Golden => new()
    {
        { "llama_gqa", DType.Float32 }, { "llama_sharded", DType.Float32 }, { "gemma2_bf16", DType.BFloat16 },
        { "mistral_fp16", DType.Float16 }, { "awq_llama", DType.Int32 }, { "nf4_llama", DType.UInt8 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Golden))]
    public void Golden_checkpoints_open(string name, DType type)
    {
        using var checkpoint = Checkpoint.Open(Repository.Shared("golden", "models", name));

        Assert.Contains(checkpoint.Entries, entry => entry.Type == type);
        Assert.All(checkpoint.Entries, entry => Assert.Equal(0, checkpoint.CountNonFinite(entry.Name)));
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        Write("a.safetensors", "x");
        _folder.Write("model.safetensors.index.json", """{"weight_map":{"x":"a.safetensors","y":"b.safetensors"}}""");
        Assert.Contains("b.safetensors is missing", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"weight_map":{"x":"../a.safetensors"}}""", "which is no file beside it")]
    [InlineData("""{"weight_map":{"z":"a.safetensors"}}""", "places z in a.safetensors, which does not hold it")]
    [InlineData("""{"weight_map":{"x":3}}""", "which is no file beside it")]
    [InlineData("""{}""", "has no weight_map")]
    [InlineData("""{""", "is no index of shards")]
    public void A_wrong_index_is_refused(string index, string cause)
    {
        Write("a.safetensors", "x");
        _folder.Write("model.safetensors.index.json", index);
        Assert.Contains(cause, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_index_is_read_or_refused() => FuzzIndex(seconds: 1);

    [SlowFact]
    public void A_damaged_index_is_read_or_refused_for_long() => FuzzIndex(FuzzTime.LongSeconds);

    private void FuzzIndex(int seconds)
    {
        Write("a.safetensors", "x");
        var good = "{\"metadata\": {\"total_size\": 8}, \"weight_map\": {\"x\": \"a.safetensors\"}}"u8.ToArray();
        Fuzzing.Run("index of shards", good, bytes =>
        {
            var path = _folder[$"{Guid.NewGuid():N}.index.json"];
            File.WriteAllBytes(path, bytes);
            try
            {
                Checkpoint.Open(path).Dispose();
            }
            catch (InputException)
            {
                // Refused in a sentence.
            }

            File.Delete(path);
        }, seconds);
    }

    [Fact]
    public void A_folder_without_weights_is_refused() => Assert.Contains("holds no weights", Refusal(), StringComparison.Ordinal);

    [Fact]
    public void Links_of_a_cache_are_as_long_as_what_they_lead_to()
    {
        _ = Directory.CreateDirectory(_folder["blobs"]);
        Write("blobs/36b1", "x");
        _ = File.CreateSymbolicLink(_folder["model.safetensors"], Path.Combine("blobs", "36b1"));
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(0, checkpoint.CountNonFinite("x"));
    }

    [Fact]
    public void Shards_without_an_index_are_read_where_all_are_there()
    {
        Write("model-00001-of-00002.safetensors", "x");
        Assert.Contains("neither its index nor all of its shards: 1 of 2", Refusal(), StringComparison.Ordinal);
        Write("model-00002-of-00002.safetensors", "y");
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.True(checkpoint.Contains("x") && checkpoint.Contains("y"));
    }

    [Fact]
    public void The_only_file_of_weights_has_any_name()
    {
        Write("gptq_model-4bit-128g.safetensors", "x");
        _folder.Write("training_args.bin", "settings of a trainer");
        Assert.True(Checkpoint.IsIn(_folder.Path));
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.True(checkpoint.Contains("x"));
    }

    [Theory]
    [InlineData("zero_to_fp32.py", "a checkpoint of DeepSpeed: run its zero_to_fp32.py")]
    [InlineData("__0_0.distcp", "a sharded checkpoint of FSDP")]
    [InlineData("model-q4.gguf", "a GGUF file")]
    [InlineData("consolidated.safetensors", "their makers' own names")]
    [InlineData("tf_model.h5", "weights of TensorFlow")]
    public void What_a_folder_holds_instead_is_named(string file, string what)
    {
        _folder.Write(file, "content");
        Assert.Contains(what, Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("module.", "")]
    [InlineData("", "_orig_mod.")]
    [InlineData("module._orig_mod.", "_fsdp_wrapped_module.")]
    public void Names_lose_what_training_wrappers_put_into_them(string prefix, string inner)
    {
        Write("model.safetensors", $"{prefix}layer.{inner}0.weight", $"{prefix}layer.1.weight");
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(["layer.0.weight", "layer.1.weight"], checkpoint.Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void Names_that_are_the_same_without_wrappers_are_refused()
    {
        Write("model.safetensors", "layer._orig_mod.weight", "layer.weight");
        Assert.Contains("holds layer.weight twice", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_has_a_second_name()
    {
        Write("model.safetensors", "x");
        using var checkpoint = Checkpoint.Open(_folder.Path);
        var both = checkpoint.WithAlias("x", "y");
        Assert.Equal(checkpoint["x"].Offset, both["y"].Offset);
        Assert.Equal((2L, null), (both.RowsOf("y"), checkpoint.RowsOf("y")));
    }

    [Fact]
    public void NaN_and_infinities_are_counted()
    {
        using var scope = torch.NewDisposeScope();
        var values = torch.ones(1000);
        values[3] = float.NaN;
        values[998] = float.NegativeInfinity;
        DType[] types = [DType.Float64, DType.Float32, DType.Float16, DType.BFloat16];
        SafetensorsWriter.Write(
            _folder["model.safetensors"],
            types.ToDictionary(type => $"{type}", type => values.to(type.ToScalarType()), StringComparer.Ordinal));

        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.All(types, type => Assert.Equal(2, checkpoint.CountNonFinite($"{type}")));
    }

    [Fact]
    public void A_file_is_searched_for_NaN_once_until_it_changes()
    {
        Write("model.safetensors", "x");
        var path = _folder["model.safetensors"];
        var written = File.GetLastWriteTimeUtc(path);
        Assert.Equal(0, Count());

        var bytes = File.ReadAllBytes(path);
        BitConverter.TryWriteBytes(bytes.AsSpan(^sizeof(float)..), float.NaN);
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, written);
        Assert.Equal(0, Count()); // not read again

        File.SetLastWriteTimeUtc(path, written.AddSeconds(1));
        Assert.Equal(1, Count());
        Assert.Equal(1, Count());

        long Count()
        {
            using var checkpoint = Checkpoint.Open(_folder.Path);
            return checkpoint.CountNonFinite("x");
        }
    }

    [Fact]
    public void Differences_are_listed_by_name()
    {
        Write("model.safetensors", "a", "b");
        using var checkpoint = Checkpoint.Open(_folder.Path);
        var difference = checkpoint.Compare(
            new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal) { ["a"] = [3L], ["score.weight"] = [3L, 2] });

        Assert.True(difference.IsFatal);
        Assert.Equal("1 missing: score.weight; 1 of another shape: a [2] where [3] is needed; 1 unused: b", $"{difference}");
        Assert.Throws<InputException>(() => difference.ThrowIfFatal(_folder.Path));
    }

    private void Write(string file, params string[] names)
    {
        using var scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(_folder[file], names.ToDictionary(name => name, _ => torch.ones(2), StringComparer.Ordinal));
    }

    private string Refusal() => Assert.Throws<InputException>(() => Checkpoint.Open(_folder.Path)).Message;
}
