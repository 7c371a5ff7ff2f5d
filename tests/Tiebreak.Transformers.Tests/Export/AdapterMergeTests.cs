using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Tests.Adapters;
using Tiebreak.Transformers.Tests.Golden;

namespace Tiebreak.Transformers.Tests.Export;

public sealed class AdapterMergeTests
{
    [Theory]
    [InlineData("lora_llama")]
    [InlineData("lora_dora_llama")]
    [InlineData("lora_rslora_gemma2")]
    [InlineData("lora_causal_base_gemma2")]
    public async Task A_merged_checkpoint_gives_what_PEFT_gave(string name)
    {
        var golden = new GoldenCase(name);
        using var folder = new TemporaryFolder();
        Assert.Equal(DType.Float32, await AdapterMerge.RunAsync(golden.Folder, golden.Adapter!, folder["merged"]));

        using var model = TransformerModel.Load(folder["merged"]);
        Assert.Equal(HeadKind.Classifier, model.HeadKind);
        Assert.EndsWith("ForSequenceClassification", Assert.Single(model.Config.Architectures), StringComparison.Ordinal);
        foreach (var (input, expected) in golden.Batches)
        {
            var (rows, _, length) = GoldenCase.Rows(input);
            var actual = model.Compute(rows, paddedLength: length).Logits;
            Assert.All(expected["logits"]!.AsArray().Zip(actual), pair => Assert.All(
                pair.First!.AsArray().Zip(pair.Second), value => Assert.Equal((double)value.First!, value.Second, golden.LogitsTolerance)));
        }
    }

    [Fact]
    public async Task Weights_are_rounded_once_to_the_type_that_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        _ = folder.Write("tokenizer.json", "{}");
        var adapter = TinyAdapter.Write(folder);
        _ = await AdapterMerge.RunAsync(folder.Path, adapter, folder["full"], DType.Float32);
        _ = await AdapterMerge.RunAsync(folder.Path, adapter, folder["half"], DType.BFloat16);

        using var full = Checkpoint.Open(folder["full"]);
        using var half = Checkpoint.Open(folder["half"]);
        Assert.Equal(full.Entries.Select(entry => entry.Name), half.Entries.Select(entry => entry.Name));
        foreach (var entry in half.Entries)
        {
            Assert.Equal(DType.BFloat16, entry.Type);
            using var expected = full.Load(entry.Name, DType.BFloat16);
            using var actual = half.Load(entry.Name);
            Assert.True(expected.eq(actual).all().item<bool>(), entry.Name);
        }

        Assert.Equal(
            "bfloat16", (string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder["half"], "config.json")))!["torch_dtype"]!);
        Assert.True(File.Exists(Path.Combine(folder["half"], "tokenizer.json")));
    }

    [Fact]
    public async Task Numbers_beyond_float16_are_told()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2, tensors => tensors["model.layers.1.mlp.up_proj.weight"].fill_(70_000));
        var exception = await Assert.ThrowsAsync<TiebreakException>(() =>
            AdapterMerge.RunAsync(folder.Path, TinyAdapter.Write(folder), folder["out"], DType.Float16));
        Assert.Contains("model.layers.1.mlp.up_proj holds numbers beyond 65504", exception.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task A_place_that_holds_something_else_is_refused()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var adapter = TinyAdapter.Write(folder);
        var own = await Assert.ThrowsAsync<InputException>(() => AdapterMerge.RunAsync(folder.Path, adapter, folder.Path + "/"));
        Assert.Contains("is the model's own folder", own.Message, StringComparison.Ordinal);
        var other = await Assert.ThrowsAsync<InputException>(() => AdapterMerge.RunAsync(folder.Path, adapter, adapter));
        Assert.Contains("holds something else than a checkpoint", other.Message, StringComparison.Ordinal);
    }
}
