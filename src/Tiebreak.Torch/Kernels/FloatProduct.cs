using System.Buffers;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// A linear layer in float32 for processors with AVX-512, where libtorch's product (MKL's) runs instructions of AVX2 unless the processor
/// is Intel's. (There it may be the faster one; nobody has measured.) A block of the weight is laid into panels in the core's cache when
/// its turn comes, so that the weight stays as it is stored, and is used at once for all rows. The bits of a row depend on no other row, on
/// no thread, and not on how many rows there are.
/// </summary>
internal static unsafe class FloatProduct
{
    private const int InnerBlock = 512; // inputs whose products are summed before they are added to the others
    private const int MostPanels = 4; // 4 x 32 outputs of 512 inputs take 256 kB of the core's cache
    private const int PiecesOfThread = 2; // so that a thread that is held up leaves work to the others

    /// <summary>Whether the kernel computes these.</summary>
    /// <param name="input">[..., inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    public static bool Takes(torch.Tensor input, torch.Tensor weight, torch.Tensor? bias) =>
        WideTile.IsSupported && weight.shape[1] % IFloatTile.TransposedElements == 0 && IsFloat(input) && IsFloat(weight)
        && (bias is null || IsFloat(bias));

    /// <summary>The same outside of inference mode, for a product with a gradient of its own.</summary>
    /// <param name="input">[..., inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    public static bool TakesInTraining(torch.Tensor input, torch.Tensor weight, torch.Tensor? bias) =>
        WideTile.IsSupported && weight.shape[1] % IFloatTile.TransposedElements == 0 && HoldsFloats(input) && HoldsFloats(weight)
        && (bias is null || HoldsFloats(bias));

    /// <summary>input weightᵀ + bias.</summary>
    /// <param name="input">[..., inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <returns>[..., outputs], in the caller's dispose scope.</returns>
    public static torch.Tensor Multiply(torch.Tensor input, torch.Tensor weight, torch.Tensor? bias)
    {
        var (outputs, inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        if (input.shape[^1] != inputs || bias?.numel() is { } biases && biases != outputs)
            throw new ArgumentException($"A weight of {outputs} x {inputs} does not fit its input or bias.", nameof(weight));

        return Multiply(input, weight, bias, new Shape((int)(input.numel() / inputs), inputs, outputs, IsTransposed: true));
    }

    /// <summary>input matrix: what the gradient of a linear layer's input is.</summary>
    /// <param name="input">[..., inner].</param>
    /// <param name="matrix">[inner, columns].</param>
    /// <returns>[..., columns], in the caller's dispose scope.</returns>
    public static torch.Tensor MultiplyMatrix(torch.Tensor input, torch.Tensor matrix)
    {
        var (inner, columns) = ((int)matrix.shape[0], (int)matrix.shape[1]);
        if (input.shape[^1] != inner)
            throw new ArgumentException($"A matrix of {inner} x {columns} does not fit its input.", nameof(matrix));

        return Multiply(input, matrix, bias: null, new Shape((int)(input.numel() / inner), inner, columns, IsTransposed: false));
    }

    private static torch.Tensor Multiply(torch.Tensor input, torch.Tensor weight, torch.Tensor? bias, Shape shape)
    {
        var outputs = shape.Outputs;
        var output = torch.empty([.. input.shape[..^1], outputs], torch.ScalarType.Float32);
        float* rows = Address(input), matrix = Address(weight), target = Address(output);
        var addends = bias is null ? null : Address(bias);
        var threads = torch.get_num_threads();
        var panels = (outputs + WideTile.Columns - 1) / WideTile.Columns;
        var panelsOfPiece = Math.Clamp(panels / (PiecesOfThread * threads), 1, MostPanels);
        _ = Parallel.For(0, (panels + panelsOfPiece - 1) / panelsOfPiece, new ParallelOptions { MaxDegreeOfParallelism = threads }, piece =>
        {
            var first = piece * panelsOfPiece * WideTile.Columns;
            var count = Math.Min(panelsOfPiece * WideTile.Columns, outputs - first);
            var start = matrix + (shape.IsTransposed ? (long)first * shape.Inputs : first);
            MultiplyPiece(rows, start, addends is null ? null : addends + first, shape, count, target + first);
        });
        return output;
    }

    private static bool IsFloat(torch.Tensor tensor) => tensor.dtype is torch.ScalarType.Float32 && TensorMemory.IsPlain(tensor);

    private static bool HoldsFloats(torch.Tensor tensor) => tensor.dtype is torch.ScalarType.Float32 && TensorMemory.HoldsPlain(tensor);

    private static float* Address(torch.Tensor tensor) => (float*)TensorMemory.Address<Float32Format>(tensor);

    // All rows, and as many outputs as fit the cache.
    private static void MultiplyPiece(float* input, float* weight, float* bias, Shape shape, int outputs, float* output)
    {
        var panels = (outputs + WideTile.Columns - 1) / WideTile.Columns;
        var panelSize = InnerBlock * WideTile.Columns;
        var scratch = ArrayPool<float>.Shared.Rent((panels * panelSize) + (panels * WideTile.Columns));
        fixed (float* packed = scratch)
        {
            var start = packed + (panels * panelSize); // the bias, or zeros
            new Span<float>(start, panels * WideTile.Columns).Clear();
            if (bias is not null)
                new Span<float>(bias, outputs).CopyTo(new Span<float>(start, outputs));

            for (var done = 0; done < shape.Inputs; done += InnerBlock)
            {
                var inner = Math.Min(InnerBlock, shape.Inputs - done);
                for (var panel = 0; panel < panels; panel++)
                {
                    var first = panel * WideTile.Columns;
                    var panelStart = packed + (panel * panelSize);
                    if (shape.IsTransposed)
                        Pack(weight + ((long)first * shape.Inputs) + done, shape.Inputs, outputs - first, inner, panelStart);
                    else
                        PackRows(weight + ((long)done * shape.Outputs) + first, shape.Outputs, outputs - first, inner, panelStart);
                }

                for (var row = 0; row < shape.Rows; row += WideTile.Rows)
                {
                    var left = input + ((long)row * shape.Inputs) + done;
                    for (var panel = 0; panel < panels; panel++)
                    {
                        var first = panel * WideTile.Columns;
                        var target = output + ((long)row * shape.Outputs) + first;
                        var from = done == 0 ? start + first : target;
                        var stride = done == 0 ? 0 : shape.Outputs;
                        var (rows, columns) = (shape.Rows - row, outputs - first);
                        if (rows >= WideTile.Rows && columns >= WideTile.Columns)
                        {
                            WideTile.MultiplyAdd(
                                left, shape.Inputs, packed + (panel * panelSize), inner, from, stride, target, shape.Outputs);
                        }
                        else
                        {
                            var edge = new Edge(Math.Min(rows, WideTile.Rows), Math.Min(columns, WideTile.Columns));
                            MultiplyEdge(left, packed + (panel * panelSize), inner, from, stride, target, shape, edge);
                        }
                    }
                }
            }
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    // A tile of which only some rows and columns exist: the same sums, in memory of its own.
    private static void MultiplyEdge(
        float* left, float* right, int inner, float* start, int startStride, float* target, Shape shape, Edge edge)
    {
        var rows = stackalloc float[WideTile.Rows * InnerBlock];
        var sums = stackalloc float[WideTile.Rows * WideTile.Columns];
        for (var row = 0; row < edge.Rows; row++)
        {
            var before = new Span<float>(start + ((long)row * startStride), edge.Columns);
            new Span<float>(left + ((long)row * shape.Inputs), inner).CopyTo(new Span<float>(rows + (row * InnerBlock), inner));
            before.CopyTo(new Span<float>(sums + (row * WideTile.Columns), edge.Columns));
        }

        WideTile.MultiplyAdd(rows, InnerBlock, right, inner, sums, WideTile.Columns, sums, WideTile.Columns);
        for (var row = 0; row < edge.Rows; row++)
        {
            var result = new Span<float>(sums + (row * WideTile.Columns), edge.Columns);
            result.CopyTo(new Span<float>(target + ((long)row * shape.Outputs), edge.Columns));
        }
    }

    // [outputs, inner] of a larger matrix becomes [inner, 32], with zeros for outputs that do not exist.
    private static void Pack(float* weight, int inputs, int outputs, int inner, float* panel)
    {
        for (var first = 0; first < WideTile.Columns; first += IFloatTile.TransposedRows)
        {
            if (outputs - first >= IFloatTile.TransposedRows)
            {
                for (var i = 0; i < inner; i += IFloatTile.TransposedElements)
                {
                    WideTile.Transpose(
                        weight + ((long)first * inputs) + i, inputs, panel + (i * WideTile.Columns) + first, WideTile.Columns);
                }

                continue;
            }

            for (var output = first; output < first + IFloatTile.TransposedRows; output++)
            {
                for (var i = 0; i < inner; i++)
                    panel[(i * WideTile.Columns) + output] = output < outputs ? weight[((long)output * inputs) + i] : 0;
            }
        }
    }

    // [inner, outputs] of a larger matrix becomes [inner, 32], with zeros for outputs that do not exist.
    private static void PackRows(float* matrix, int stride, int outputs, int inner, float* panel)
    {
        var known = Math.Min(outputs, WideTile.Columns);
        for (var i = 0; i < inner; i++)
        {
            var row = new Span<float>(panel + (i * WideTile.Columns), WideTile.Columns);
            new Span<float>(matrix + ((long)i * stride), known).CopyTo(row);
            row[known..].Clear();
        }
    }

    private readonly record struct Shape(int Rows, int Inputs, int Outputs, bool IsTransposed);

    private readonly record struct Edge(int Rows, int Columns);
}
