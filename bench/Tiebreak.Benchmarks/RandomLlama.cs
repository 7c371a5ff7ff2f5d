using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Torch.Operators;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Heads;
using TorchSharp;

namespace Tiebreak.Benchmarks;

/// <summary>
/// A Llama, or a relative of another type, with random weights and a classifier's head, plain or with random packed weights, in Hugging
/// Face's layout.
/// </summary>
internal static class RandomLlama
{
    private const int GroupSize = 128;

    // A few channels of trained models are much larger than the rest.
    private const int OutlierEvery = 61;
    private const double Outlier = 8;

    /// <summary>The shape of Llama 3.2 1B with half of its layers: 0.49 billion weights in linear layers.</summary>
    public static JsonObject HalfBillion(int vocabulary) => new()
    {
        ["vocab_size"] = vocabulary,
        ["hidden_size"] = 2048,
        ["intermediate_size"] = 8192,
        ["num_hidden_layers"] = 8,
        ["num_attention_heads"] = 32,
        ["num_key_value_heads"] = 8,
        ["max_position_embeddings"] = 4096,
    };

    /// <param name="folder">The folder to write.</param>
    /// <param name="sizes">The sizes in config.json: vocab_size, hidden_size ...</param>
    /// <param name="format">null: plain, bfloat16.</param>
    /// <param name="actOrder">GPTQ: scattered groups.</param>
    /// <param name="doubleQuantization">nf4: scales quantised once more.</param>
    public static void Write(
        string folder, JsonObject sizes, QuantizationFormat? format = null, bool actOrder = false, bool doubleQuantization = false)
    {
        TorchRuntime.Start();
        torch.manual_seed(7);
        _ = Directory.CreateDirectory(folder);
        var config = sizes.DeepClone().AsObject();
        config["model_type"] ??= "llama";
        (config["architectures"], config["torch_dtype"]) = (new JsonArray("SomeForSequenceClassification"), "bfloat16");
        (config["rms_norm_eps"], config["rope_theta"], config["id2label"]) =
            (1e-5, 500_000.0, new JsonObject { ["0"] = "A", ["1"] = "B", ["2"] = "tie" });
        var shapes = TransformerModel.TensorsOf(
            ModelConfig.Parse(Encoding.UTF8.GetBytes(config.ToJsonString()), "config.json"), HeadKind.Classifier);
        var tensors = new List<PendingTensor>();
        foreach (var shape in shapes)
        {
            if (format is { } packed && shape.Name.EndsWith("_proj.weight", StringComparison.Ordinal))
            {
                var weight = Random(packed, (int)shape.Shape[0], (int)shape.Shape[1], actOrder, doubleQuantization);
                tensors.AddRange(QuantizedTensors.Of(shape.Name[..^".weight".Length], weight, "bfloat16"));
            }
            else
            {
                tensors.Add(new PendingTensor(shape.Name, DType.BFloat16, shape.Shape, () => Plain(shape.Name, [.. shape.Shape])));
            }
        }

        if (format is { } chosen)
        {
            config["quantization_config"] = QuantizationConfigJson.Of(new QuantizationOptions
            {
                Format = chosen,
                GroupSize = GroupSize,
                ActOrder = actOrder,
                DoubleQuantization = doubleQuantization,
            }, ["score"], "bfloat16");
        }

        ShardedWriter.Write(folder, tensors);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
    }

    /// <summary>A packed weight of random bits.</summary>
    public static QuantizedWeight Random(QuantizationFormat format, int outputs, int inputs, bool actOrder, bool doubleQuantization)
    {
        var size = 0.03f;
        switch (format)
        {
            case QuantizationFormat.Nf4:
                var scales = torch.rand((long)outputs * inputs / 64).MultiplyInPlace(size);
                return new CodebookWeight(
                    outputs, inputs, torch.randint(0, 256, [(long)outputs * inputs / 2, 1], torch.ScalarType.Byte),
                    torch.tensor([.. Nf4.Table]), doubleQuantization ? DoubleQuantization.Quantize(scales) : new BlockScales(scales), 64);
            case QuantizationFormat.Int8:
                return new Int8Weight(
                    torch.randint(-127, 128, [outputs, inputs], torch.ScalarType.Int8), torch.rand(outputs).MultiplyInPlace(size / 127));
        }

        var isAwq = format is QuantizationFormat.Awq;
        var groups = inputs / GroupSize;
        var indices = TensorArithmetic.Range(0, inputs, type: torch.ScalarType.Int32).FloorDivide(GroupSize).to(torch.ScalarType.Int32);
        return new GroupedWeight(
            torch.randint(int.MinValue, int.MaxValue, isAwq ? [inputs, outputs / 8] : [inputs / 8, outputs], torch.ScalarType.Int32),
            torch.empty(groups, outputs / 8, torch.ScalarType.Int32).FillInPlace(isAwq ? unchecked((int)0x88888888) : 0x77777777),
            torch.rand(groups, outputs).MultiplyInPlace(size / 8).to(torch.ScalarType.Float16),
            isAwq ? null : actOrder ? indices.index_select(0, torch.randperm(inputs)) : indices,
            isAwq ? NibbleOrder.Awq : NibbleOrder.Gptq, bits: 4, GroupSize, isAwq ? 0 : 1);
    }

    private static torch.Tensor Plain(string name, long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        var values = name.Contains("norm", StringComparison.Ordinal)
            ? torch.ones(shape).AddInPlace(torch.randn(shape).MultiplyInPlace(0.1))
            : torch.randn(shape).MultiplyInPlace(1 / Math.Sqrt(shape[^1]));
        if (name.Contains("layernorm", StringComparison.Ordinal))
            values[torch.TensorIndex.Slice(5, null, OutlierEvery)].MultiplyInPlace(Outlier);
        if (name.Contains("score", StringComparison.Ordinal))
            values.MultiplyInPlace(2);
        return values.to(torch.ScalarType.BFloat16).MoveToOuterDisposeScope();
    }
}
