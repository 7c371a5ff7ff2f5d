using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// A weight of int8 in panels, [outputs / 64, inputs / 4, 64, 4], for rows that are rounded to int8 as they come. Products are exact, so
/// that results have the bits of <see cref="Int8Packed"/>.
/// </summary>
internal sealed unsafe class Int8BlockWeight : BlockWeight
{
    private const int Group = Int8BlockProduct.Group;
    private const int StepSize = sizeof(float);

    private readonly torch.Tensor _scales; // float32 [outputs]
    private readonly torch.Tensor _bias; // float32 [outputs]
    private readonly float* _scalesAddress;
    private readonly float* _biasAddress;
    private readonly torch.Tensor _surplus; // int32 [outputs]: what the zero of rounded rows adds to each sum
    private readonly int* _surplusAddress;

    /// <summary>Lays out a weight.</summary>
    /// <param name="weight">On the CPU; stays the caller's.</param>
    /// <param name="bias">[outputs], or null; stays the caller's.</param>
    public Int8BlockWeight(Int8Weight weight, torch.Tensor? bias)
        : base(weight.Outputs, weight.Inputs, sizeof(sbyte))
    {
        using var scope = torch.NewDisposeScope();
        _scales = weight.Scales.clone().DetachFromDisposeScope();
        _bias = BiasOf(bias);
        _surplus = weight.Values.sum([1], type: torch.ScalarType.Int32).MultiplyInPlace(PackedInt8Product.Zero).DetachFromDisposeScope();
        _scalesAddress = (float*)TensorMemory.Address(_scales);
        _biasAddress = (float*)TensorMemory.Address(_bias);
        _surplusAddress = (int*)TensorMemory.Address(_surplus);
        uint* groups = (uint*)TensorMemory.Address(weight.Values.contiguous()), panels = (uint*)Panels;
        for (var output = 0; output < Outputs; output++)
        {
            for (var group = 0; group < Inputs / Group; group++)
                panels[PlaceOf(output, group, Inputs / Group)] = groups[((long)output * Inputs / Group) + group];
        }
    }

    /// <summary>Whether processor and libtorch have what it needs.</summary>
    public static bool IsSupported => BFloat16BlockWeight.IsSupported && Int8BlockProduct.IsAvailable;

    /// <inheritdoc/>
    public override int RoundedSize(int rows) => Padded(rows) * (Inputs + StepSize);

    /// <inheritdoc/>
    public override byte* Round(ushort* values, int rows, byte* room)
    {
        var steps = StepsOf(room, rows);
        for (var row = 0; row < rows; row++)
            steps[row] = Int8Kernels.RoundToBytes<BFloat16Format>((byte*)(values + (row * Inputs)), Inputs, room + (row * Inputs));
        new Span<byte>(room + (rows * Inputs), (Padded(rows) - rows) * Inputs).Clear();
        return room;
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void Multiply<TActivation>(byte* rounded, int rows, ushort* target, long stride)
    {
        var room = stackalloc int[(Padded(rows) * PanelColumns) + Lanes];
        var sums = CacheLine.Align(room);
        var steps = StepsOf(rounded, rows);
        for (var output = 0; output < Outputs; output += PanelColumns)
        {
            var columns = ColumnsOf(output);
            var size = new BlockSize(Padded(rows), columns, Inputs, Inputs, columns, columns);
            Int8BlockProduct.Multiply(size, rounded, (sbyte*)Panels + ((long)output * Inputs), sums);
            for (var row = 0; row < rows; row++)
            {
                var step = Vector512.Create(steps[row]);
                var sum = sums + (row * columns);
                var results = target + (row * stride) + output;
                var i = 0;
                for (; i <= columns - (2 * Lanes); i += 2 * Lanes)
                {
                    Store(
                        Result<TActivation>(sum + i, step, output + i), Result<TActivation>(sum + i + Lanes, step, output + i + Lanes),
                        results + i);
                }

                if (i < columns)
                    Store(Result<TActivation>(sum + i, step, output + i), results + i);
            }
        }
    }

    /// <summary>The weight as numbers.</summary>
    /// <returns>float32 [outputs, inputs], in the caller's dispose scope.</returns>
    public torch.Tensor Dequantize()
    {
        using var scope = torch.NewDisposeScope();
        var values = torch.empty([Outputs, Inputs], torch.ScalarType.Int8);
        uint* groups = (uint*)TensorMemory.Address(values), panels = (uint*)Panels;
        for (var output = 0; output < Outputs; output++)
        {
            for (var group = 0; group < Inputs / Group; group++)
                groups[((long)output * Inputs / Group) + group] = panels[PlaceOf(output, group, Inputs / Group)];
        }

        return values.to(torch.ScalarType.Float32).mul_(_scales.unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _scales.Dispose();
            _bias.Dispose();
            _surplus.Dispose();
        }

        base.Dispose(disposing);
    }

    // Steps lie behind the rows.
    private float* StepsOf(byte* rounded, int rows) => (float*)(rounded + (Padded(rows) * Inputs));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Result<TActivation>(int* sums, Vector512<float> step, int output)
        where TActivation : IActivation
    {
        var sum = Avx512F.ConvertToVector512Single(Vector512.Load(sums) - Vector512.Load(_surplusAddress + output));
        return TActivation.Of((sum * step * Vector512.Load(_scalesAddress + output)) + Vector512.Load(_biasAddress + output));
    }
}
