using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>Where the elements of an <see cref="AttentionSequence"/> lie; all heads of a token beside each other.</summary>
internal readonly unsafe struct AttentionAddresses
{
    public readonly byte* Query;
    public readonly byte* Key;
    public readonly byte* Value;
    public readonly float* Bias;
    public readonly byte* Output;
    public readonly byte* PositionKeys;
    public readonly byte* PositionQueries;

    private AttentionAddresses(
        byte* query, byte* key, byte* value, float* bias, byte* output, byte* positionKeys, byte* positionQueries)
    {
        Query = query;
        Key = key;
        Value = value;
        Bias = bias;
        Output = output;
        PositionKeys = positionKeys;
        PositionQueries = positionQueries;
    }

    /// <summary>The addresses of a sequence; they stay as long as its tensors do.</summary>
    public static AttentionAddresses Of<TFormat>(AttentionSequence sequence)
        where TFormat : IElementFormat
    {
        return new(
            Address(sequence.Query), Address(sequence.Key), Address(sequence.Value),
            sequence.Bias is { } bias ? (float*)TensorMemory.Address<Float32Format>(bias) : null, Address(sequence.Output),
            Address(sequence.Positions?.Keys), Address(sequence.Positions?.Queries));

        static byte* Address(torch.Tensor? tensor) => tensor is null ? null : (byte*)TensorMemory.Address<TFormat>(tensor);
    }
}
