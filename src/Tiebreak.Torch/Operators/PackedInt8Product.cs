using TorchSharp;

namespace Tiebreak.Torch.Operators;

/// <summary>
/// libtorch's product of int8 with a weight that was laid out once (onednn::qlinear_prepack and qlinear_pointwise): <c>_int_mm</c> lays it
/// out anew in every product, and gives its sums in a type that only another pass makes numbers of. Not every libtorch has it.
/// </summary>
internal static unsafe class PackedInt8Product
{
    /// <summary>What is added to a whole number from -127 to 127: the processor's product wants no sign on that side.</summary>
    public const byte Zero = 128;

    private const int UsualRows = 512; // oneDNN chooses the layout for about so many

    private static readonly Lazy<IntPtr> Function = new(() => LibTorchNative.FindExport("aoti_torch_cpu__qlinear_pointwise_tensor"));

    /// <summary>Whether this libtorch has it.</summary>
    public static bool IsAvailable => Function.Value != 0;

    /// <summary>Lays out a weight.</summary>
    /// <param name="values">int8 [outputs, inputs], on the CPU.</param>
    /// <returns>An opaque tensor, in the caller's dispose scope.</returns>
    public static torch.Tensor Pack(torch.Tensor values)
    {
        using var contiguous = values.contiguous();
        var call = new Dispatcher(stackalloc ulong[2]);
        call.Add(contiguous);
        call.AddOptional([UsualRows, values.shape[1]]);
        return call.Call("onednn::qlinear_prepack\0"u8);
    }

    /// <summary>The sums of products of each row with each output: exact in int32, then rounded to float32.</summary>
    /// <param name="rows">uint8 [rows, inputs]: whole numbers and <see cref="Zero"/>.</param>
    /// <param name="weight">What <see cref="Pack"/> gave.</param>
    /// <param name="constants">For as many outputs.</param>
    /// <returns>float32 [rows, outputs], in the caller's dispose scope.</returns>
    public static torch.Tensor Multiply(torch.Tensor rows, torch.Tensor weight, Constants constants)
    {
        var function = (delegate* unmanaged<
            IntPtr, IntPtr, IntPtr, IntPtr, IntPtr, IntPtr, IntPtr*, double, long, int*, byte*, double**, long, byte*, IntPtr*, int>)
            Function.Value;
        var type = (int)torch.ScalarType.Float32;
        IntPtr result;
        fixed (byte* none = "none\0"u8)
        {
            var code = function(
                rows.Handle, constants.One.Handle, constants.Zero.Handle, weight.Handle, constants.Ones.Handle, constants.Zeros.Handle,
                null, 1, 0, &type, none, null, 0, none, &result);
            LibTorchNative.Check(code, "a product of int8");
        }

        return torch.Tensor.UnsafeCreateTensor(result);
    }

    /// <summary>Scales and zero points that change nothing: this program scales itself, with a scale a row.</summary>
    public sealed class Constants : IDisposable
    {
        /// <param name="outputs">Of the weight.</param>
        public Constants(int outputs)
        {
            One = torch.ones(1).DetachFromDisposeScope();
            Zero = torch.tensor([(int)PackedInt8Product.Zero]).DetachFromDisposeScope();
            Ones = torch.ones(outputs).DetachFromDisposeScope();
            Zeros = torch.zeros([outputs], torch.ScalarType.Int32).DetachFromDisposeScope();
        }

        internal torch.Tensor One { get; }

        internal torch.Tensor Zero { get; }

        internal torch.Tensor Ones { get; }

        internal torch.Tensor Zeros { get; }

        /// <inheritdoc/>
        public void Dispose()
        {
            One.Dispose();
            Zero.Dispose();
            Ones.Dispose();
            Zeros.Dispose();
        }
    }
}
