using System.Globalization;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Engine;

/// <summary>What gradients keep in memory, with and without computing layers again. Nothing else runs beside.</summary>
[Collection(nameof(LayerMemoryTests))]
public sealed class CheckpointedMemoryTests
{
    private const int Layers = 8;
    private const int Tokens = 1024;
    private const int Hidden = 128;
    private const int Intermediate = 512;

    private const string Config = """
        {
          "model_type": "llama", "architectures": ["LlamaForSequenceClassification"], "vocab_size": 100, "hidden_size": 128,
          "intermediate_size": 512, "num_hidden_layers": 8, "num_attention_heads": 4, "num_key_value_heads": 4,
          "max_position_embeddings": 256, "rms_norm_eps": 1e-6, "id2label": {"0": "A", "1": "B", "2": "tie"}
        }
        """;

    [Fact]
    public void Layers_that_are_computed_again_keep_their_inputs_only()
    {
        TorchRuntime.Start();
        NativeHeap.Prepare();
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, Config);

        var resident = Measure(folder.Path, isCheckpointed: false);
        var checkpointed = Measure(folder.Path, isCheckpointed: true);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Layers} layers, {Tokens} tokens: kept for the backward pass {resident.Kept / 1e6:F1} MB, and with layers computed again "
                + $"{checkpointed.Kept / 1e6:F1} MB; most in the whole step {resident.Most / 1e6:F1} and {checkpointed.Most / 1e6:F1} MB"));

        // What attention and feed-forward parts read, and the inside of one feed-forward part, with which the backward pass begins.
        const long inputs = 2L * Layers * Tokens * Hidden * sizeof(float);
        const long inside = 5L * Tokens * Intermediate * sizeof(float);
        Assert.InRange(checkpointed.Kept, inputs / 2, inputs + inside + (inputs / 4));
        Assert.InRange(resident.Kept, 10 * inputs, long.MaxValue);

        // Another part's inside on top, and gradients of all weights, which both have.
        Assert.InRange(checkpointed.Most, inputs / 2, resident.Most / 3);
    }

    private static (long Kept, long Most) Measure(string folder, bool isCheckpointed)
    {
        using var model = TrainableModel.Create(
            ModelFiles.Open(folder, adapter: null), new TrainableModelOptions { IsCheckpointed = isCheckpointed });
        var losses = new PreferenceLoss(new LabelReading([0, 1, 2], isFixed: true, ReadingParameters.Plain));
        TokenSequence[] rows = [.. Enumerable.Range(0, 4).Select(row =>
            new TokenSequence($"{row}", [.. Enumerable.Range(0, Tokens / 4).Select(i => (i + row) % 100)]))];
        Step(keep: null); // makes the gradients of the weights, and what libtorch keeps for its threads
        var before = NativeHeap.InUse();
        var kept = 0L;
        var most = NativeHeap.MostDuring(() => Step(() => kept = NativeHeap.InUse() - before));
        return (kept, most - before);

        void Step(Action? keep)
        {
            using var scope = NewDisposeScope();
            var loss = losses.Of(model.Outputs(rows), full([4, 3], 1f / 3)).Loss.mean();
            keep?.Invoke();
            loss.backward();
        }
    }
}
