using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// A linear layer in int8 (W8A8) for processors that have AVX2 and no instructions for products of int8, where libtorch's product takes
/// tens of times as long as one of float32: numbers are widened to 16 bits, which the processor multiplies and adds in pairs at twice the
/// rate of float32, exactly. The weight lies in panels of sixteen outputs, in the order in which the product reads it.
/// </summary>
internal sealed unsafe class Int8Panels : IDisposable
{
    private const int PanelOutputs = 16;
    private const int TileRows = 6; // 6 x 16 sums are twelve registers of sixteen
    private const int MostRows = 22 * TileRows; // of a chunk: what is rounded at once, and stays in the core's cache
    private const int ChunkBytes = 768 << 10; // at most this much of it

    private readonly torch.Tensor _panels; // int8 [panels, pairs of inputs, 16 outputs, 2]
    private readonly torch.Tensor _scales; // float32 [16 * panels]
    private readonly torch.Tensor? _bias; // float32 [16 * panels]
    private readonly sbyte* _panelsAddress;
    private readonly float* _scalesAddress;
    private readonly float* _biasAddress;
    private readonly int _outputs;
    private readonly int _inputs;

    /// <summary>Packs a weight.</summary>
    /// <param name="weight">On the CPU; stays the caller's.</param>
    /// <param name="bias">[outputs], or null; stays the caller's.</param>
    public Int8Panels(Int8Weight weight, torch.Tensor? bias)
    {
        (_outputs, _inputs) = (weight.Outputs, weight.Inputs);
        var (panels, pairs) = ((_outputs + PanelOutputs - 1) / PanelOutputs, (_inputs + 1) / 2);
        using var scope = torch.NewDisposeScope();
        var padded = torch.zeros([panels * PanelOutputs, 2 * pairs], torch.ScalarType.Int8);
        padded.narrow(0, 0, _outputs).narrow(1, 0, _inputs).copy_(weight.Values);
        _panels = padded.view(panels, PanelOutputs, pairs, 2).transpose(1, 2).contiguous().DetachFromDisposeScope();
        _scales = Padded(weight.Scales);
        _bias = bias is null ? null : Padded(bias);
        _panelsAddress = (sbyte*)TensorMemory.Address(_panels);
        _scalesAddress = (float*)TensorMemory.Address(_scales);
        _biasAddress = _bias is null ? null : (float*)TensorMemory.Address(_bias);

        torch.Tensor Padded(torch.Tensor values)
        {
            var row = torch.zeros([panels * PanelOutputs]);
            row.narrow(0, 0, _outputs).copy_(values);
            return row.DetachFromDisposeScope();
        }
    }

    /// <summary>Whether this is the fastest way to multiply int8 here.</summary>
    public static bool AreFastest { get; } = Avx2.IsSupported && !Cpu.HasInt8Products;

    /// <summary>Rounds the input with a scale a row, and applies the layer.</summary>
    /// <param name="input">[rows, inputs], float32 or bfloat16, contiguous.</param>
    /// <returns>[rows, outputs] of the input's type, in the caller's dispose scope.</returns>
    public torch.Tensor Multiply(torch.Tensor input)
    {
        var rows = (int)input.shape[0];
        var output = torch.empty([rows, _outputs], input.dtype);
        if (input.dtype is torch.ScalarType.BFloat16)
            Multiply<BFloat16Format>(input, output, rows);
        else
            Multiply<Float32Format>(input, output, rows);
        return output;
    }

    /// <summary>The weight as numbers.</summary>
    /// <returns>float32 [outputs, inputs], in the caller's dispose scope.</returns>
    public torch.Tensor Dequantize()
    {
        using var scope = torch.NewDisposeScope();
        var values = _panels.transpose(1, 2).flatten(0, 1).flatten(1, 2).narrow(0, 0, _outputs).narrow(1, 0, _inputs);
        return values.to(torch.ScalarType.Float32).mul_(_scales.narrow(0, 0, _outputs).unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _panels.Dispose();
        _scales.Dispose();
        _bias?.Dispose();
    }

    private void Multiply<TFormat>(torch.Tensor input, torch.Tensor output, int rows)
        where TFormat : IElementFormat
    {
        byte* source = (byte*)TensorMemory.Address<TFormat>(input), target = (byte*)TensorMemory.Address<TFormat>(output);
        var threads = torch.get_num_threads();
        var tilesOfThread = (rows + (threads * TileRows) - 1) / (threads * TileRows);
        var tilesOfChunk = Math.Max(1, Math.Min(MostRows, ChunkBytes / (_inputs * sizeof(short))) / TileRows);
        var chunkRows = Math.Min(tilesOfChunk, tilesOfThread) * TileRows;
        var chunks = (rows + chunkRows - 1) / chunkRows;
        _ = Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = threads }, chunk =>
        {
            var start = chunk * chunkRows;
            MultiplyChunk<TFormat>(
                source + ((long)start * _inputs * TFormat.Size),
                target + ((long)start * _outputs * TFormat.Size),
                Math.Min(chunkRows, rows - start));
        });
    }

    private void MultiplyChunk<TFormat>(byte* input, byte* output, int rows)
        where TFormat : IElementFormat
    {
        var stride = (_inputs + 1) & ~1;
        var tiles = (rows + TileRows - 1) / TileRows;
        var rounded = ArrayPool<short>.Shared.Rent(tiles * TileRows * stride);
        Span<float> steps = stackalloc float[MostRows];
        fixed (short* numbers = rounded)
        {
            for (var row = 0; row < rows; row++)
            {
                var target = numbers + (row * stride);
                target[stride - 1] = 0; // where the number of inputs is odd
                steps[row] = Int8Kernels.Round<TFormat>(input + ((long)row * _inputs * TFormat.Size), _inputs, target);
            }

            // Rows that fill up the last tile are computed and not written; any numbers will do.
            var panel = _panelsAddress;
            var sums = stackalloc float[TileRows * PanelOutputs];
            for (var first = 0; first < _outputs; first += PanelOutputs)
            {
                var outputs = Math.Min(PanelOutputs, _outputs - first);
                var bias = _biasAddress is null ? null : _biasAddress + first;
                for (var tile = 0; tile < tiles; tile++)
                {
                    MultiplyTile(numbers + (tile * TileRows * stride), stride, panel, sums);
                    for (var row = tile * TileRows; row < Math.Min(rows, (tile + 1) * TileRows); row++)
                    {
                        var place = output + ((((long)row * _outputs) + first) * TFormat.Size);
                        Int8Kernels.Scale<TFormat>(
                            sums + (row % TileRows * PanelOutputs), steps[row], _scalesAddress + first, bias, outputs, place);
                    }
                }

                panel += stride * PanelOutputs;
            }
        }

        ArrayPool<short>.Shared.Return(rounded);
    }

    /// <summary>Six rows times sixteen outputs.</summary>
    /// <param name="rows">Whole numbers of 16 bits.</param>
    /// <param name="stride">Numbers of a row; even.</param>
    /// <param name="panel">The weight of the outputs.</param>
    /// <param name="sums">[6, 16], exact in int32, then rounded to float32.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MultiplyTile(short* rows, int stride, sbyte* panel, float* sums)
    {
        int* row0 = (int*)rows, row1 = (int*)(rows + stride), row2 = (int*)(rows + (2 * stride));
        int* row3 = (int*)(rows + (3 * stride)), row4 = (int*)(rows + (4 * stride)), row5 = (int*)(rows + (5 * stride));
        Vector256<int> sum00 = default, sum01 = default, sum10 = default, sum11 = default;
        Vector256<int> sum20 = default, sum21 = default, sum30 = default, sum31 = default;
        Vector256<int> sum40 = default, sum41 = default, sum50 = default, sum51 = default;
        for (nint pair = 0; pair < stride / 2; pair++)
        {
            var (left, right) = (Avx2.ConvertToVector256Int16(panel), Avx2.ConvertToVector256Int16(panel + PanelOutputs));
            panel += 2 * PanelOutputs;
            var numbers = Vector256.Create(row0[pair]).AsInt16(); // the row's two numbers, for each output
            sum00 += Avx2.MultiplyAddAdjacent(numbers, left);
            sum01 += Avx2.MultiplyAddAdjacent(numbers, right);
            numbers = Vector256.Create(row1[pair]).AsInt16();
            sum10 += Avx2.MultiplyAddAdjacent(numbers, left);
            sum11 += Avx2.MultiplyAddAdjacent(numbers, right);
            numbers = Vector256.Create(row2[pair]).AsInt16();
            sum20 += Avx2.MultiplyAddAdjacent(numbers, left);
            sum21 += Avx2.MultiplyAddAdjacent(numbers, right);
            numbers = Vector256.Create(row3[pair]).AsInt16();
            sum30 += Avx2.MultiplyAddAdjacent(numbers, left);
            sum31 += Avx2.MultiplyAddAdjacent(numbers, right);
            numbers = Vector256.Create(row4[pair]).AsInt16();
            sum40 += Avx2.MultiplyAddAdjacent(numbers, left);
            sum41 += Avx2.MultiplyAddAdjacent(numbers, right);
            numbers = Vector256.Create(row5[pair]).AsInt16();
            sum50 += Avx2.MultiplyAddAdjacent(numbers, left);
            sum51 += Avx2.MultiplyAddAdjacent(numbers, right);
        }

        Vector256.ConvertToSingle(sum00).Store(sums);
        Vector256.ConvertToSingle(sum01).Store(sums + 8);
        Vector256.ConvertToSingle(sum10).Store(sums + 16);
        Vector256.ConvertToSingle(sum11).Store(sums + 24);
        Vector256.ConvertToSingle(sum20).Store(sums + 32);
        Vector256.ConvertToSingle(sum21).Store(sums + 40);
        Vector256.ConvertToSingle(sum30).Store(sums + 48);
        Vector256.ConvertToSingle(sum31).Store(sums + 56);
        Vector256.ConvertToSingle(sum40).Store(sums + 64);
        Vector256.ConvertToSingle(sum41).Store(sums + 72);
        Vector256.ConvertToSingle(sum50).Store(sums + 80);
        Vector256.ConvertToSingle(sum51).Store(sums + 88);
    }
}
