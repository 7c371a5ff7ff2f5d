using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// A linear layer on rows of bfloat16 whose weight is laid out once, for products of blocks of rows with panels of outputs; biases and
/// activations are applied to a product while it is in the core's cache. What a row gets depends on no other row.
/// </summary>
internal abstract unsafe class BlockWeight : IDisposable
{
    /// <summary>Rows of a product are a multiple, so that code for few sizes is generated.</summary>
    public const int RowStep = 16;

    /// <summary>Outputs of a panel.</summary>
    protected const int PanelColumns = 64;

    /// <summary>Numbers of a vector.</summary>
    protected const int Lanes = 16;

    private const int HalfBits = 16;

    private readonly torch.Tensor _panels; // bytes

    /// <param name="outputs">Rows of the weight.</param>
    /// <param name="inputs">Its columns.</param>
    /// <param name="elementSize">Bytes of an element of the panels.</param>
    protected BlockWeight(int outputs, int inputs, int elementSize)
    {
        if (!Fits(inputs, outputs))
            throw new ArgumentException($"A weight of {outputs} x {inputs} has no whole panels.", nameof(outputs));
        RuntimeHelpers.RunClassConstructor(typeof(CoarseGelu).TypeHandle); // so that its numbers are constants of compiled products
        (Outputs, Inputs) = (outputs, inputs);
        _panels = torch.empty([(long)outputs * inputs * elementSize], torch.ScalarType.Byte).DetachFromDisposeScope();
        Panels = TensorMemory.Address(_panels);
    }

    /// <summary>Rows of the weight.</summary>
    public int Outputs { get; }

    /// <summary>Its columns.</summary>
    public int Inputs { get; }

    /// <summary>The panels, one after the other.</summary>
    protected void* Panels { get; }

    /// <summary>Whether such a weight can be laid out.</summary>
    public static bool Fits(int inputs, int outputs) => inputs % Lanes == 0 && outputs % Lanes == 0;

    /// <summary>The rows of a product of so many.</summary>
    public static int Padded(int rows) => (rows + RowStep - 1) / RowStep * RowStep;

    /// <summary>Bytes that <see cref="Round"/> needs.</summary>
    public abstract int RoundedSize(int rows);

    /// <summary>Makes what products read of rows of numbers.</summary>
    /// <param name="values">bfloat16 [rows, inputs].</param>
    /// <param name="rows">How many.</param>
    /// <param name="room">Room for the result.</param>
    /// <returns>The result: there, or the numbers themselves.</returns>
    public abstract byte* Round(ushort* values, int rows, byte* room);

    /// <summary>activation(x Wᵀ + b), rounded to bfloat16.</summary>
    /// <param name="rounded">What <see cref="Round"/> made.</param>
    /// <param name="rows">As many rows as were rounded.</param>
    /// <param name="target">Gets the result.</param>
    /// <param name="stride">Elements from row to row of it.</param>
    public abstract void Multiply<TActivation>(byte* rounded, int rows, ushort* target, long stride)
        where TActivation : IActivation;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Outputs of the panel that begins with one.</summary>
    protected int ColumnsOf(int output) => Math.Min(PanelColumns, Outputs - output);

    /// <summary>Where some inputs of an output lie among all such parts: those of a panel's outputs beside each other.</summary>
    /// <param name="output">The output.</param>
    /// <param name="part">The number of the part.</param>
    /// <param name="parts">Parts of an output.</param>
    protected long PlaceOf(int output, int part, int parts)
    {
        var first = output / PanelColumns * PanelColumns;
        return ((long)first * parts) + ((long)part * ColumnsOf(first)) + (output - first);
    }

    /// <summary>A bias for results: float32 [outputs], zeros where there is none.</summary>
    protected torch.Tensor BiasOf(torch.Tensor? bias) =>
        (bias?.to(torch.ScalarType.Float32, copy: true).contiguous() ?? torch.zeros(Outputs)).DetachFromDisposeScope();

    /// <summary>Writes sixteen results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void Store(Vector512<float> results, ushort* target) =>
        Avx512F.ConvertToVector256UInt16(Rounded(results).AsUInt32() >> HalfBits).Store(target);

    /// <summary>Writes thirty-two results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void Store(Vector512<float> first, Vector512<float> second, ushort* target)
    {
        var upperHalves = (Vector512<ushort>.Indices * 2) + Vector512<ushort>.One;
        Avx512BW.PermuteVar32x16x2(Rounded(first), upperHalves, Rounded(second)).Store(target);
    }

    /// <summary>Frees the weight.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _panels.Dispose();
    }

    // To the nearest in the upper half, ties to the even one. NaN stays so: that of numbers of bfloat16 has bits without a carry.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> Rounded(Vector512<float> results)
    {
        var bits = results.AsUInt32();
        return (bits + Vector512.Create(0x7FFFu) + ((bits >> HalfBits) & Vector512<uint>.One)).AsUInt16();
    }
}
