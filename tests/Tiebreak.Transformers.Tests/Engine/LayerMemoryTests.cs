using System.Globalization;
using System.Text;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Engine;

/// <summary>Memory of weights: of all layers, of one at a time, and after a model was closed. Nothing else runs beside.</summary>
[CollectionDefinition(nameof(LayerMemoryTests), DisableParallelization = true)]
[Collection(nameof(LayerMemoryTests))]
public sealed class LayerMemoryTests
{
    private const int Layers = 4;

    // Stored in bfloat16 and computed in float32, so that weights are copied out of the mapped file.
    private const long LayerBytes = sizeof(float) * ((4L * 768 * 768) + (3L * 768 * 3072)); // 38 MB

    private const string Config = """
        {
          "model_type": "llama", "architectures": ["LlamaForSequenceClassification"], "vocab_size": 100, "hidden_size": 768,
          "intermediate_size": 3072, "num_hidden_layers": 4, "num_attention_heads": 12, "num_key_value_heads": 12,
          "max_position_embeddings": 64, "rms_norm_eps": 1e-6, "id2label": {"0": "A", "1": "B", "2": "tie"}
        }
        """;

    [Fact]
    public void A_streamed_model_holds_two_layers_and_a_closed_one_nothing()
    {
        NativeHeap.Prepare();
        using var folder = new TemporaryFolder();
        Write(folder);
        _ = Compute(folder, isStreamed: true); // what libtorch keeps for its threads

        var before = NativeHeap.InUse();
        Assert.InRange(Compute(folder, isStreamed: true).Tensors - before, LayerBytes, 3 * LayerBytes);
        Assert.InRange(NativeHeap.InUse() - before, long.MinValue, LayerBytes / 10);

        var (tensors, process) = Compute(folder, isStreamed: false);
        Assert.InRange(tensors - before, Layers * LayerBytes, (Layers + 1) * LayerBytes);
        Assert.InRange(NativeHeap.InUse() - before, long.MinValue, LayerBytes / 10);

        // It went back to the system, but for a layer: the end of a thread's memory never does (Allocator).
        Assert.InRange(OfProcess(), 0, process - ((Layers - 1) * LayerBytes));
    }

    /// <summary>The most bytes of tensors, and of the process backed by no file, while a model computes: between two layers.</summary>
    private static (long Tensors, long Process) Compute(TemporaryFolder folder, bool isStreamed)
    {
        var (tensors, process) = (0L, 0L);
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        using var model = TransformerModel.Load(folder.Path, isStreamed: isStreamed);
        _ = model.Layers.Forward(new PackedTokens([new("a", [1, 2, 3])]), TokenSelection.All, (_, _) =>
            (tensors, process) = (Math.Max(tensors, NativeHeap.InUse()), Math.Max(process, OfProcess())));
        return (tensors, process);
    }

    private static long OfProcess()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static void Write(TemporaryFolder folder)
    {
        var shapes = TransformerModel.TensorsOf(ModelConfig.Parse(Encoding.UTF8.GetBytes(Config), "config.json"), HeadKind.Classifier);
        ShardedWriter.Write(
            folder.Path,
            [.. shapes.Select(shape => new PendingTensor(
                shape.Name, DType.BFloat16, shape.Shape, () => full([.. shape.Shape], 0.02f, dtype: ScalarType.BFloat16)))]);
        _ = folder.Write("config.json", Config);
    }
}
