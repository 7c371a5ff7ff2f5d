using System.Numerics;
using System.Runtime.InteropServices;

namespace Tiebreak.Torch.Checkpoints;

/// <summary>
/// Counts NaN and infinities in stored weights: values whose exponent bits are all set. It needs no libtorch and no copy.
/// </summary>
internal static class NonFinite
{
    private const int BlockBytes = 1 << 22;

    /// <summary>
    /// The count for one tensor; none where the type has no such values. Each stored element counts once, those in gaps between strided
    /// ones too.
    /// </summary>
    public static long Count(TensorEntry entry, MappedFile file)
    {
        if ((!entry.Type.IsFloat && entry.Type is not DType.Float8E4M3) || entry.ExtentBytes == 0)
            return 0;
        var blocks = (entry.ExtentBytes + BlockBytes - 1) / BlockBytes;
        var total = 0L;
        Parallel.For(0L, blocks, new ParallelOptions { MaxDegreeOfParallelism = TorchRuntime.Threads }, block =>
        {
            var start = block * BlockBytes;
            var bytes = file.Slice(entry.Offset + start, (int)Math.Min(BlockBytes, entry.ExtentBytes - start));
            _ = Interlocked.Add(ref total, CountIn(bytes, entry.Type));
        });
        return total;
    }

    private static long CountIn(ReadOnlySpan<byte> bytes, DType type) => type switch
    {
        DType.Float64 => Count<ulong>(bytes, 0x7FF0_0000_0000_0000),
        DType.Float32 => Count<uint>(bytes, 0x7F80_0000),
        DType.Float16 => Count<ushort>(bytes, 0x7C00),
        DType.Float8E4M3 => Count<byte>(bytes, 0x7F), // all bits but the sign: NaN
        _ => Count<ushort>(bytes, 0x7F80),
    };

    private static long Count<T>(ReadOnlySpan<byte> bytes, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(bytes);
        var mask = new Vector<T>(exponent);
        var count = 0L;
        var i = 0;
        for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            if (Vector.EqualsAny(new Vector<T>(values[i..]) & mask, mask))
                count += CountEach(values.Slice(i, Vector<T>.Count), exponent);
        }

        return count + CountEach(values[i..], exponent);
    }

    private static long CountEach<T>(ReadOnlySpan<T> values, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        var count = 0L;
        foreach (var value in values)
            count += (value & exponent) == exponent ? 1 : 0;
        return count;
    }
}
