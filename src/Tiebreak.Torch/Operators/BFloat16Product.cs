using Tiebreak.Native;

namespace Tiebreak.Torch.Operators;

/// <summary>
/// oneDNN's product of small blocks of bfloat16 with sums in float32, for kernels of this program: .NET 10 has no instructions for it, and
/// libtorch's products of tensors round their sums to bfloat16. It is at::native::cpublas::brgemm of PyTorch 2.10 (ATen/native/CPUBlas.h),
/// a function of C++ that no interface promises; so it is used with that version only, on Linux, and after one product came out right.
/// </summary>
internal static unsafe class BFloat16Product
{
    private const string MultiplyName = "_ZN2at6native7cpublas6brgemmEllllllbPKN3c108BFloat16ES5_Pfb";
    private const string ReleaseName = "_ZN2at6native7cpublas14brgemm_releaseEb";

    // With these oneDNN can be told to use fewer instructions; without those of AVX-512 the function would end the process.
    private static readonly string[] Limits = ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"];

    private static readonly IntPtr Function = Find(MultiplyName);
    private static readonly IntPtr ReleaseFunction = Find(ReleaseName);

    /// <summary>Whether processor and libtorch have it.</summary>
    public static bool IsAvailable { get; } = Function != 0 && ReleaseFunction != 0 && IsRight();

    /// <summary>
    /// left right, or target + left right. A sum takes its products in the order of the inner elements, whatever stands beside it. A
    /// thread's first product of a size costs some 50 us more: code is generated for it, and kept. Sizes that oneDNN refuses end the
    /// process.
    /// </summary>
    /// <param name="size">Rows, columns and inner elements: how many, and how far apart rows lie.</param>
    /// <param name="adds">Whether to add to what is there.</param>
    /// <param name="left">[rows, inner].</param>
    /// <param name="right">[inner / 2, columns, 2]; two inner elements of a column lie beside each other.</param>
    /// <param name="target">[rows, columns].</param>
    public static void Multiply(in BlockSize size, bool adds, ushort* left, ushort* right, float* target) =>
        ((delegate* unmanaged<long, long, long, long, long, long, byte, ushort*, ushort*, float*, byte, void>)Function)(
            size.Rows, size.Columns, size.Inner, size.LeftStride, size.RightStride, size.TargetStride, adds ? (byte)1 : (byte)0, left,
            right, target, 1);

    /// <summary>Ends a thread's products: on processors with tile registers (AMX) others may then use them.</summary>
    public static void Release() => ((delegate* unmanaged<byte, void>)ReleaseFunction)(1);

    /// <summary>A function of this kind; 0: it is not there, or cannot be trusted.</summary>
    internal static IntPtr Find(string name) =>
        OperatingSystem.IsLinux() && Cpu.HasBFloat16 && LibTorch.State.Version == LibTorch.Expected
        && !Array.Exists(Limits, limit => Environment.GetEnvironmentVariable(limit) is { Length: > 0 })
            ? LibTorchNative.FindExport(name)
            : 0;

    // Whole numbers that bfloat16 holds exactly, with another number for each argument.
    private static bool IsRight()
    {
        var size = new BlockSize(Rows: 3, Columns: 16, Inner: 4, LeftStride: 6, RightStride: 32, TargetStride: 20);
        var left = stackalloc ushort[size.Rows * size.LeftStride];
        var right = stackalloc ushort[size.Inner * size.RightStride];
        var target = stackalloc float[size.Rows * size.TargetStride];
        for (var i = 0; i < size.Rows * size.LeftStride; i++)
            left[i] = Bits(i + 1);
        for (var i = 0; i < size.Inner * size.RightStride; i++)
            right[i] = Bits(i - 20);
        new Span<float>(target, size.Rows * size.TargetStride).Fill(-1);
        Multiply(size, adds: false, left, right, target);
        Multiply(size, adds: true, left, right, target);
        Release();

        for (var row = 0; row < size.Rows; row++)
        {
            for (var column = 0; column < size.TargetStride; column++)
            {
                var sum = column < size.Columns ? 0f : -1;
                for (var i = 0; i < size.Inner && column < size.Columns; i++)
                    sum += 2f * ((row * size.LeftStride) + i + 1) * ((((i / 2 * size.RightStride) + column) * 2) + (i % 2) - 20);
                if (target[(row * size.TargetStride) + column] != sum)
                    return false;
            }
        }

        return true;

        static ushort Bits(int value) => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16);
    }
}
