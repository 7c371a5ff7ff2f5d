using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tiebreak.Torch.Quantization;

namespace Tiebreak.Torch.Kernels;

/// <summary>Reads and writes up to eight elements of a row whose length is any.</summary>
internal static unsafe class RowPart
{
    private const int Lanes = 8;

    /// <summary>Reads elements; what is missing to eight is filled up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load<TFormat>(byte* elements, long count, float fill)
        where TFormat : IElementFormat => count >= Lanes ? TFormat.Load(elements) : LoadFew<TFormat>(elements, count, fill);

    /// <summary>Writes elements; what is too much for the row is left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TFormat>(Vector256<float> values, byte* elements, long count)
        where TFormat : IElementFormat
    {
        if (count >= Lanes)
            TFormat.Store(values, elements);
        else
            StoreFew<TFormat>(values, elements, count);
    }

    private static Vector256<float> LoadFew<TFormat>(byte* elements, long count, float fill)
        where TFormat : IElementFormat
    {
        var values = Vector256.Create(fill);
        for (var i = 0; i < count; i++)
            values = values.WithElement(i, TFormat.LoadOne(elements + (i * TFormat.Size)));
        return values;
    }

    private static void StoreFew<TFormat>(Vector256<float> values, byte* elements, long count)
        where TFormat : IElementFormat
    {
        var whole = stackalloc byte[Lanes * sizeof(float)];
        TFormat.Store(values, whole);
        Buffer.MemoryCopy(whole, elements, count * TFormat.Size, count * TFormat.Size);
    }
}
