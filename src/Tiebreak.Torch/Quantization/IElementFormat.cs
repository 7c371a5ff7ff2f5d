using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>How kernels read and write the elements of a tensor, which they compute with in float32.</summary>
internal unsafe interface IElementFormat
{
    /// <summary>The type of the elements.</summary>
    static abstract torch.ScalarType Type { get; }

    /// <summary>Bytes of an element.</summary>
    static abstract int Size { get; }

    /// <summary>Reads eight elements.</summary>
    static abstract Vector256<float> Load(void* elements);

    /// <summary>Reads sixteen elements.</summary>
    static abstract Vector512<float> LoadSixteen(void* elements);

    /// <summary>Reads one element.</summary>
    static abstract float LoadOne(void* element);

    /// <summary>Writes eight elements, rounded to the nearest.</summary>
    static abstract void Store(Vector256<float> values, void* elements);

    /// <summary>Writes sixteen elements, rounded to the nearest.</summary>
    static abstract void Store(Vector512<float> values, void* elements);
}

/// <summary>Elements of float32.</summary>
internal readonly unsafe struct Float32Format : IElementFormat
{
    public static torch.ScalarType Type => torch.ScalarType.Float32;

    public static int Size => sizeof(float);

    public static Vector256<float> Load(void* elements) => Vector256.Load((float*)elements);

    public static Vector512<float> LoadSixteen(void* elements) => Vector512.Load((float*)elements);

    public static float LoadOne(void* element) => *(float*)element;

    public static void Store(Vector256<float> values, void* elements) => values.Store((float*)elements);

    public static void Store(Vector512<float> values, void* elements) => values.Store((float*)elements);
}

/// <summary>Elements of bfloat16: the upper half of a float32.</summary>
internal readonly unsafe struct BFloat16Format : IElementFormat
{
    private const int HalfBits = 16;

    public static torch.ScalarType Type => torch.ScalarType.BFloat16;

    public static int Size => sizeof(ushort);

    public static Vector256<float> Load(void* elements)
    {
        var (lower, upper) = Vector128.Widen(Vector128.Load((ushort*)elements));
        return Vector256.ShiftLeft(Vector256.Create(lower, upper), HalfBits).AsSingle();
    }

    public static Vector512<float> LoadSixteen(void* elements)
    {
        var halves = Vector256.Load((ushort*)elements);
        if (Avx512F.IsSupported)
            return (Avx512F.ConvertToVector512UInt32(halves) << HalfBits).AsSingle();
        var (lower, upper) = Vector256.Widen(halves);
        return Vector512.ShiftLeft(Vector512.Create(lower, upper), HalfBits).AsSingle();
    }

    public static float LoadOne(void* element) => BitConverter.UInt32BitsToSingle((uint)*(ushort*)element << HalfBits);

    // To the nearest, ties to the even one: half of the last bit that stays is added, less where that bit is 0. That would make zeros of
    // some NaN.
    public static void Store(Vector256<float> values, void* elements)
    {
        var bits = values.AsUInt32();
        var half = Vector256.Create(0x7FFFu) + (Vector256.ShiftRightLogical(bits, HalfBits) & Vector256<uint>.One);
        var rounded = Vector256.ConditionalSelect(Vector256.IsNaN(values).AsUInt32(), bits, bits + half);
        var upper = Vector256.ShiftRightLogical(rounded, HalfBits);
        Vector128.Narrow(upper.GetLower(), upper.GetUpper()).Store((ushort*)elements);
    }

    public static void Store(Vector512<float> values, void* elements)
    {
        var bits = values.AsUInt32();
        var half = Vector512.Create(0x7FFFu) + (Vector512.ShiftRightLogical(bits, HalfBits) & Vector512<uint>.One);
        var rounded = Vector512.ConditionalSelect(Vector512.IsNaN(values).AsUInt32(), bits, bits + half);
        var upper = Vector512.ShiftRightLogical(rounded, HalfBits);
        var halves = Avx512F.IsSupported ? Avx512F.ConvertToVector256UInt16(upper) : Vector256.Narrow(upper.GetLower(), upper.GetUpper());
        halves.Store((ushort*)elements);
    }
}
