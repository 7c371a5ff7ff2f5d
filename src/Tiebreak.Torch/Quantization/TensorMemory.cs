using System.Runtime.Intrinsics;
using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>The memory of tensors on the CPU, for kernels of this program.</summary>
internal static unsafe class TensorMemory
{
    // Smaller pieces cost more to hand out than to do.
    private const int PieceElements = 1 << 16;

    /// <summary>
    /// Whether kernels can stand in for operators on a tensor: contiguous on the CPU, of float32 or bfloat16, and in inference mode,
    /// because kernels record no gradients, and round otherwise than the operators that do.
    /// </summary>
    public static bool IsPlain(torch.Tensor tensor) => torch.is_inference_mode_enabled() && HoldsPlain(tensor);

    /// <summary>The same without the mode: for kernels that have a gradient of their own.</summary>
    public static bool HoldsPlain(torch.Tensor tensor) =>
        Vector256.IsHardwareAccelerated
        && tensor.device_type is DeviceType.CPU
        && tensor.dtype is torch.ScalarType.Float32 or torch.ScalarType.BFloat16
        && tensor.is_contiguous();

    /// <summary>The first element of a contiguous tensor on the CPU; it stays as long as the tensor does.</summary>
    public static void* Address(torch.Tensor tensor)
    {
        if (tensor.device_type is not DeviceType.CPU || !tensor.is_contiguous())
            throw new ArgumentException("Only contiguous tensors on the CPU have memory to work on.", nameof(tensor));
        void* address;
        LibTorchNative.Check(LibTorchNative.DataPointer(tensor.Handle, &address), "the address of a tensor");
        return address;
    }

    /// <summary>The same, of a tensor whose elements a kernel reads or writes in this format.</summary>
    public static void* Address<TFormat>(torch.Tensor tensor)
        where TFormat : IElementFormat =>
        tensor.dtype == TFormat.Type
            ? Address(tensor)
            : throw new ArgumentException($"Elements are {tensor.dtype}, and not {TFormat.Type}.", nameof(tensor));

    /// <summary>Does something for every row, on as many threads as libtorch uses.</summary>
    /// <param name="rows">How many there are.</param>
    /// <param name="width">Elements of a row.</param>
    /// <param name="work">Called with the row's number.</param>
    public static void InParallel(long rows, int width, Action<long> work)
    {
        var rowsOfPiece = Math.Max(1, PieceElements / Math.Max(1, width));
        var pieces = (rows + rowsOfPiece - 1) / rowsOfPiece;
        Parallel.For(0, pieces, new ParallelOptions { MaxDegreeOfParallelism = torch.get_num_threads() }, piece =>
        {
            var end = Math.Min(rows, (piece + 1) * rowsOfPiece);
            for (var row = piece * rowsOfPiece; row < end; row++)
                work(row);
        });
    }
}
