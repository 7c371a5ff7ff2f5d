using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tiebreak.Torch.Quantization;

namespace Tiebreak.Torch.Kernels;

/// <summary>Reads and writes up to sixteen elements of a row whose length is any.</summary>
internal static unsafe class RowPart
{
    /// <summary>Elements at once; where there is no AVX-512 such vectors are emulated.</summary>
    public const int Lanes = 16;

    /// <summary>Reads elements; what is missing to sixteen is filled up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load<TFormat>(byte* elements, long count, float fill)
        where TFormat : IElementFormat => count >= Lanes ? TFormat.LoadSixteen(elements) : LoadFew<TFormat>(elements, (int)count, fill);

    /// <summary>Writes elements; what is too much for the row is left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TFormat>(Vector512<float> values, byte* elements, long count)
        where TFormat : IElementFormat
    {
        if (count >= Lanes)
            TFormat.Store(values, elements);
        else
            StoreFew<TFormat>(values, elements, (int)count);
    }

    private static Vector512<float> LoadFew<TFormat>(byte* elements, int count, float fill)
        where TFormat : IElementFormat
    {
        var whole = stackalloc byte[Lanes * sizeof(float)];
        Buffer.MemoryCopy(elements, whole, Lanes * sizeof(float), count * TFormat.Size);
        var isThere = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
        return Vector512.ConditionalSelect(isThere, TFormat.LoadSixteen(whole), Vector512.Create(fill));
    }

    private static void StoreFew<TFormat>(Vector512<float> values, byte* elements, int count)
        where TFormat : IElementFormat
    {
        var whole = stackalloc byte[Lanes * sizeof(float)];
        TFormat.Store(values, whole);
        Buffer.MemoryCopy(whole, elements, count * TFormat.Size, count * TFormat.Size);
    }
}
