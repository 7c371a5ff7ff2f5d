using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Quantized;

/// <summary>
/// Weights stay packed while a model computes: anonymous memory holds one layer's weight at a time, on top of what the mapped file takes.
/// </summary>
[Collection(nameof(QuantizedMemoryTests))]
public sealed class QuantizedMemoryTests
{
    private const int Hidden = 768;
    private const int Intermediate = 3072;
    private const int Layers = 5;
    private const long Weights = Layers * ((4L * Hidden * Hidden) + (3L * Hidden * Intermediate)); // 47 million

    // Heaps of libtorch's and the runtime's threads, the buffers of matrix products, and what earlier tests left half freed in heaps.
    private const long Slack = 64 << 20;

    private const string Config = """
        {
          "model_type": "llama", "architectures": ["LlamaForSequenceClassification"], "vocab_size": 100, "hidden_size": 768, "intermediate_size": 3072,
          "num_hidden_layers": 5, "num_attention_heads": 12, "num_key_value_heads": 12, "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
          "id2label": {"0": "A", "1": "B", "2": "tie"}
        }
        """;

    [Theory]
    [InlineData(QuantizationFormat.Nf4)]
    [InlineData(QuantizationFormat.Awq)] // GPTQ is unpacked by the same code
    [InlineData(QuantizationFormat.Int8)]
    public void Anonymous_memory_is_what_is_packed_and_one_layer(QuantizationFormat format)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc tells anonymous memory on Linux only.");
        using var folder = new TemporaryFolder();
        Write(folder, format);
        TokenSequence[] rows = [new("a", [.. Enumerable.Range(0, 32)])];
        using (var warm = TransformerModel.Load(folder.Path))
            _ = warm.Compute(rows);

        GC.Collect();
        using var watch = new AnonymousMemoryWatch();
        using (var model = TransformerModel.Load(folder.Path))
            _ = model.Compute(rows);
        var used = watch.Stop();
        var packed = Weights / (format is QuantizationFormat.Int8 ? 1 : 2);
        var layer = (long)Hidden * Intermediate * sizeof(float);
        Assert.True(
            used < packed + layer + Slack, $"{used >> 20} MiB of anonymous memory were used; packed weights have {packed >> 20} MiB, "
                + $"unpacked ones {Weights * sizeof(float) >> 20} MiB.");
        Assert.True(packed + layer + Slack < Weights * sizeof(float));
    }

    private static void Write(TemporaryFolder folder, QuantizationFormat format)
    {
        using var scope = NewDisposeScope();
        var options = new QuantizationOptions { Format = format };
        var tensors = new List<PendingTensor>();
        foreach (var tensor in TransformerModel.TensorsOf(
            ModelConfig.Parse(Encoding.UTF8.GetBytes(Config), "config.json"), HeadKind.Classifier))
        {
            if (tensor.Name.EndsWith("_proj.weight", StringComparison.Ordinal))
            {
                var weight = Quantized(format, tensor.Shape[0], tensor.Shape[1], options.GroupSize);
                tensors.AddRange(QuantizedTensors.Of(tensor.Name[..^".weight".Length], weight, "float32"));
            }
            else
            {
                tensors.Add(new PendingTensor(tensor.Name, DType.Float32, tensor.Shape, () => full([.. tensor.Shape], 0.02f)));
            }
        }

        ShardedWriter.Write(folder.Path, tensors);
        var config = JsonNode.Parse(Config)!.AsObject();
        config["quantization_config"] = QuantizationConfigJson.Of(options, ["score"], "float32");
        _ = folder.Write("config.json", config.ToJsonString());
    }

    /// <summary>Random bits.</summary>
    private static QuantizedWeight Quantized(QuantizationFormat format, long outputs, long inputs, int groupSize) => format switch
    {
        QuantizationFormat.Nf4 => new CodebookWeight(
            (int)outputs, (int)inputs, randint(0, 256, [outputs * inputs / 2, 1], ScalarType.Byte), tensor([.. Nf4.Table]),
            new BlockScales(full([outputs * inputs / 64], 0.02f)), 64),
        QuantizationFormat.Int8 => new Int8Weight(randint(-127, 128, [outputs, inputs], ScalarType.Int8), full([outputs], 1e-4f)),
        _ => new GroupedWeight(
            randint(int.MinValue, int.MaxValue, [inputs, outputs / 8], ScalarType.Int32),
            zeros([inputs / groupSize, outputs / 8], ScalarType.Int32),
            full([inputs / groupSize, outputs], 1e-3f, ScalarType.Float16), groupOfInput: null, NibbleOrder.Awq,
            bits: 4, groupSize, zeroOffset: 0),
    };
}
