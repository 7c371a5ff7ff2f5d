using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tiebreak.Torch.Operators;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>A weight of bfloat16 in panels: [outputs / 64, inputs / 2, 64, 2].</summary>
internal sealed unsafe class BFloat16BlockWeight : BlockWeight
{
    private const int Pair = 2;

    private readonly torch.Tensor _bias; // float32 [outputs]
    private readonly float* _biasAddress;

    /// <summary>Lays out a weight.</summary>
    /// <param name="weight">bfloat16 [outputs, inputs] on the CPU; stays the caller's.</param>
    /// <param name="bias">[outputs], or null; stays the caller's.</param>
    public BFloat16BlockWeight(torch.Tensor weight, torch.Tensor? bias)
        : base((int)weight.shape[0], (int)weight.shape[1], sizeof(ushort))
    {
        _bias = BiasOf(bias);
        _biasAddress = (float*)TensorMemory.Address(_bias);
        uint* pairs = (uint*)TensorMemory.Address<BFloat16Format>(weight), panels = (uint*)Panels;
        for (var output = 0; output < Outputs; output++)
        {
            for (var pair = 0; pair < Inputs / Pair; pair++)
                panels[PlaceOf(output, pair, Inputs / Pair)] = pairs[((long)output * Inputs / Pair) + pair];
        }
    }

    /// <summary>Whether processor and libtorch have what it needs.</summary>
    public static bool IsSupported => BFloat16Attention.IsSupported;

    /// <inheritdoc/>
    public override int RoundedSize(int rows) => Padded(rows) * Inputs * sizeof(ushort);

    /// <inheritdoc/>
    public override byte* Round(ushort* values, int rows, byte* room)
    {
        if (rows == Padded(rows))
            return (byte*)values;
        var copy = new Span<ushort>(room, Padded(rows) * Inputs);
        new Span<ushort>(values, rows * Inputs).CopyTo(copy);
        copy[(rows * Inputs)..].Clear();
        return room;
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void Multiply<TActivation>(byte* rounded, int rows, ushort* target, long stride)
    {
        var room = stackalloc float[(Padded(rows) * PanelColumns) + Lanes];
        var sums = CacheLine.Align(room);
        for (var output = 0; output < Outputs; output += PanelColumns)
        {
            var columns = ColumnsOf(output);
            var size = new BlockSize(Padded(rows), columns, Inputs, Inputs, columns, columns);
            BFloat16Product.Multiply(size, adds: false, (ushort*)rounded, (ushort*)Panels + ((long)output * Inputs), sums);
            for (var row = 0; row < rows; row++)
            {
                float* sum = sums + (row * columns), bias = _biasAddress + output;
                var results = target + (row * stride) + output;
                var i = 0;
                for (; i <= columns - (2 * Lanes); i += 2 * Lanes)
                    Store(Result<TActivation>(sum + i, bias + i), Result<TActivation>(sum + i + Lanes, bias + i + Lanes), results + i);
                if (i < columns)
                    Store(Result<TActivation>(sum + i, bias + i), results + i);
            }
        }
    }

    /// <summary>The weight as it was.</summary>
    /// <returns>bfloat16 [outputs, inputs], in the caller's dispose scope.</returns>
    public torch.Tensor Weight()
    {
        var weight = torch.empty([Outputs, Inputs], torch.ScalarType.BFloat16);
        uint* pairs = (uint*)TensorMemory.Address(weight), panels = (uint*)Panels;
        for (var output = 0; output < Outputs; output++)
        {
            for (var pair = 0; pair < Inputs / Pair; pair++)
                pairs[((long)output * Inputs / Pair) + pair] = panels[PlaceOf(output, pair, Inputs / Pair)];
        }

        return weight;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _bias.Dispose();
        base.Dispose(disposing);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Result<TActivation>(float* sums, float* bias)
        where TActivation : IActivation => TActivation.Of(Vector512.Load(sums) + Vector512.Load(bias));
}
