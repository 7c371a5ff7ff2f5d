namespace Tiebreak.Transformers.Planning;

/// <summary>A way to store weights, by its size.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="BytesAQuantizedParameter">Bytes of a parameter of a linear layer, scales included.</param>
/// <param name="BytesAPlainParameter">Bytes of any other parameter.</param>
internal sealed record WeightFormat(string Name, double BytesAQuantizedParameter, double BytesAPlainParameter)
{
    private const double HalfBytes = 2;
    private const int Group = 128;
    private const int Block = 64;

    /// <summary>
    /// Those that this program reads and writes. Scales of int8 are one number an output, which is nothing beside the weight.
    /// </summary>
    public static IReadOnlyList<WeightFormat> All { get; } =
    [
        new("float32", sizeof(float), sizeof(float)),
        new("bfloat16 or float16", HalfBytes, HalfBytes),
        new("int8", sizeof(sbyte), HalfBytes),
        new("AWQ or GPTQ, 4 bits, groups of 128", 0.5 + ((HalfBytes + 0.5) / Group), HalfBytes), // a scale and a zero a group
        new("nf4", 0.5 + ((double)sizeof(float) / Block), HalfBytes), // a scale a block
    ];
}
