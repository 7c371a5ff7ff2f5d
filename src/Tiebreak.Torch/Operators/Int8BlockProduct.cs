namespace Tiebreak.Torch.Operators;

/// <summary>
/// oneDNN's product of small blocks of int8 with sums in int32: what <see cref="BFloat16Product"/> is for bfloat16, of the same origin and
/// under the same conditions.
/// </summary>
internal static unsafe class Int8BlockProduct
{
    /// <summary>Inner elements that the processor multiplies and adds in one step.</summary>
    public const int Group = 4;

    private static readonly IntPtr Function = BFloat16Product.Find("_ZN2at6native7cpublas6brgemmEllllllbPKhPKaPib");

    /// <summary>Whether processor and libtorch have it.</summary>
    public static bool IsAvailable { get; } = BFloat16Product.IsAvailable && Cpu.HasInt8Products && Function != 0 && IsRight();

    /// <summary>left right: exact. <see cref="BFloat16Product.Release"/> ends a thread's products.</summary>
    /// <param name="size">Rows, columns and inner elements (a multiple of <see cref="Group"/>).</param>
    /// <param name="left">[rows, inner].</param>
    /// <param name="right">[inner / 4, columns, 4]; four inner elements of a column lie beside each other.</param>
    /// <param name="target">[rows, columns].</param>
    public static void Multiply(in BlockSize size, byte* left, sbyte* right, int* target) =>
        ((delegate* unmanaged<long, long, long, long, long, long, byte, byte*, sbyte*, int*, byte, void>)Function)(
            size.Rows, size.Columns, size.Inner, size.LeftStride, size.RightStride, size.TargetStride, 0, left, right, target, 1);

    // Other numbers for each argument, and numbers whose products would be others with a sign on the left or without one on the right.
    private static bool IsRight()
    {
        var size = new BlockSize(Rows: 3, Columns: 16, Inner: 8, LeftStride: 12, RightStride: 32, TargetStride: 20);
        var left = stackalloc byte[size.Rows * size.LeftStride];
        var right = stackalloc sbyte[size.Inner * size.RightStride];
        var target = stackalloc int[size.Rows * size.TargetStride];
        for (var i = 0; i < size.Rows * size.LeftStride; i++)
            left[i] = (byte)(255 - i);
        for (var i = 0; i < size.Inner * size.RightStride; i++)
            right[i] = (sbyte)(i - 128);
        new Span<int>(target, size.Rows * size.TargetStride).Fill(-1);
        Multiply(size, left, right, target);
        BFloat16Product.Release();

        for (var row = 0; row < size.Rows; row++)
        {
            for (var column = 0; column < size.TargetStride; column++)
            {
                var sum = column < size.Columns ? 0 : -1;
                for (var i = 0; i < size.Inner && column < size.Columns; i++)
                {
                    var place = (((i / Group * size.RightStride) + column) * Group) + (i % Group);
                    sum += left[(row * size.LeftStride) + i] * right[place];
                }

                if (target[(row * size.TargetStride) + column] != sum)
                    return false;
            }
        }

        return true;
    }
}
