using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Torch.Operators;
using Tiebreak.Torch.Quantization;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Export;

/// <summary>The tensors that stand in a file for a quantised weight; <see cref="Weights.Quantized"/> reads them.</summary>
internal static class QuantizedTensors
{
    /// <param name="linear">The layer's name.</param>
    /// <param name="quantized">Its weight, which stays the caller's and must live until everything is written.</param>
    /// <param name="type">bitsandbytes: the type that the weight had.</param>
    public static IEnumerable<PendingTensor> Of(string linear, QuantizedWeight quantized, string type) => quantized switch
    {
        GroupedWeight weight => Grouped(linear, weight),
        CodebookWeight weight => FourBit(linear, weight, type),
        Int8Weight weight => Int8(linear, weight),
        _ => throw new ArgumentOutOfRangeException(nameof(quantized)),
    };

    private static IEnumerable<PendingTensor> Grouped(string linear, GroupedWeight weight)
    {
        yield return Existing($"{linear}.qweight", weight.Words);
        yield return Existing($"{linear}.qzeros", weight.Zeros);
        yield return Existing($"{linear}.scales", weight.Scales);
        if (weight.GroupOfInput is { } groups)
            yield return Existing($"{linear}.g_idx", groups);
    }

    private static IEnumerable<PendingTensor> FourBit(string linear, CodebookWeight weight, string type)
    {
        var name = $"{linear}.weight";
        yield return Existing(name, weight.Bytes);
        yield return Existing($"{name}.absmax", weight.Scales.Values);
        yield return Existing($"{name}.quant_map", weight.Table);
        var state = new JsonObject
        {
            ["quant_type"] = "nf4",
            ["blocksize"] = weight.BlockSize,
            ["dtype"] = type,
            ["shape"] = new JsonArray(weight.Outputs, weight.Inputs),
        };
        if (weight.Scales is { Table: { } table, Outer: { } outer })
        {
            yield return Existing($"{name}.nested_absmax", outer);
            yield return Existing($"{name}.nested_quant_map", table);
            state["nested_blocksize"] = weight.Scales.OuterBlock;
            state["nested_dtype"] = "float32";
            state["nested_offset"] = weight.Scales.Offset;
        }

        var text = Encoding.UTF8.GetBytes(state.ToJsonString());
        yield return new PendingTensor($"{name}.quant_state.bitsandbytes__nf4", DType.UInt8, [text.Length], () => tensor(text));
    }

    private static IEnumerable<PendingTensor> Int8(string linear, Int8Weight weight)
    {
        yield return Existing($"{linear}.weight", weight.Values);
        yield return new PendingTensor($"{linear}.SCB", DType.Float32, weight.Scales.shape, () => weight.Scales.Multiply(sbyte.MaxValue));
        yield return new PendingTensor($"{linear}.weight_format", DType.UInt8, [], () => tensor((byte)0));
    }

    private static PendingTensor Existing(string name, Tensor tensor) =>
        new(name, DTypes.FromScalarType(tensor.dtype), tensor.shape, tensor.alias);
}
