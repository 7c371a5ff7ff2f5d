using System.Buffers;
using Tiebreak.Torch.Operators;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// Layers on rows of bfloat16, a block of rows at a time: what follows a product reads it from the core's cache, and nothing between the
/// first and the last lies in memory. What a row gets depends on no other row.
/// </summary>
internal static unsafe class BlockKernel
{
    // What a block keeps between its products, so that it stays in the core's second cache; and bounds that keep products at their rate.
    private const int BlockBytes = 640 << 10;
    private const int LeastRows = 32;
    private const int MostRows = 64;

    /// <summary>Whether the kernel reads such a tensor.</summary>
    public static bool Holds(torch.Tensor tensor) => tensor.dtype is torch.ScalarType.BFloat16 && TensorMemory.HoldsPlain(tensor);

    /// <summary>Whether the kernel computes these rows: where nothing learns.</summary>
    /// <param name="input">[rows, width].</param>
    public static bool Takes(torch.Tensor input) => torch.is_inference_mode_enabled() && Holds(input);

    /// <summary>x Wᵀ + b for several weights.</summary>
    /// <param name="input">[rows, inputs].</param>
    /// <param name="weights">Of as many inputs and of one kind.</param>
    /// <returns>[rows, outputs] for each, in the caller's dispose scope.</returns>
    public static torch.Tensor[] Multiply(torch.Tensor input, params BlockWeight[] weights)
    {
        var inputs = weights[0].Inputs;
        var outputs = Array.ConvertAll(weights, weight => torch.empty([input.shape[0], weight.Outputs], torch.ScalarType.BFloat16));
        var source = (ushort*)TensorMemory.Address<BFloat16Format>(input);
        var targets = Array.ConvertAll(outputs, output => (nint)TensorMemory.Address(output));
        var most = RowsOf(weights[0].RoundedSize(BlockWeight.RowStep));
        Run((int)input.shape[0], most, weights[0].RoundedSize(most), (first, count, room) =>
        {
            var rounded = weights[0].Round(source + ((long)first * inputs), count, (byte*)room);
            for (var i = 0; i < weights.Length; i++)
            {
                var width = weights[i].Outputs;
                weights[i].Multiply<Identity>(rounded, count, (ushort*)targets[i] + ((long)first * width), width);
            }
        });
        return outputs;
    }

    /// <summary>
    /// What follows attention in a layer that normalises after each sum: norm(y + f(y)) with y = norm(added + mixed Wᵀ + b).
    /// </summary>
    /// <typeparam name="TActivation">Of the feed-forward part.</typeparam>
    /// <param name="mixed">[rows, hidden]: what attention gave.</param>
    /// <param name="added">[rows, hidden]: what went into the layer.</param>
    /// <param name="layer">Its weights.</param>
    /// <returns>[rows, hidden], in the caller's dispose scope.</returns>
    public static torch.Tensor Finish<TActivation>(torch.Tensor mixed, torch.Tensor added, BlockLayer layer)
        where TActivation : IActivation
    {
        var (first, inner, last) = (layer.AttentionOutput, layer.Inner, layer.Output);
        int hidden = inner.Inputs, width = inner.Outputs;
        var output = torch.empty([mixed.shape[0], hidden], torch.ScalarType.BFloat16);
        ushort* source = (ushort*)TensorMemory.Address<BFloat16Format>(mixed), target = (ushort*)TensorMemory.Address(output);
        var summand = (ushort*)TensorMemory.Address<BFloat16Format>(added);
        var most = RowsOf(BlockWeight.RowStep * ((2 * hidden) + width) * sizeof(ushort));
        var roundedSize = Math.Max(Math.Max(first.RoundedSize(most), inner.RoundedSize(most)), last.RoundedSize(most));
        Run((int)mixed.shape[0], most, roundedSize + (most * ((2 * hidden) + width) * sizeof(ushort)), (row, count, room) =>
        {
            var rounded = (byte*)room;
            var product = (ushort*)(rounded + roundedSize);
            ushort* middle = product + (most * hidden), activated = middle + (most * hidden);
            var offset = (long)row * hidden;
            first.Multiply<Identity>(first.Round(source + offset, count, rounded), count, product, hidden);
            layer.AttentionNorm.Normalise(product, summand + offset, count, middle);
            inner.Multiply<TActivation>(inner.Round(middle, count, rounded), count, activated, width);
            last.Multiply<Identity>(last.Round(activated, count, rounded), count, product, hidden);
            layer.OutputNorm.Normalise(product, middle, count, target + offset);
        });
        return output;
    }

    // The rows of a block, by what as few as possible need.
    private static int RowsOf(int bytesOfStep) => Math.Clamp(BlockBytes / bytesOfStep * BlockWeight.RowStep, LeastRows, MostRows);

    private static void Run(int rows, int most, int roomBytes, Action<int, int, nint> compute)
    {
        var threads = torch.get_num_threads();
        var ofBlock = threads == 1 ? most : Math.Clamp(BlockWeight.Padded((rows + threads - 1) / threads), BlockWeight.RowStep, most);
        var blocks = (rows + ofBlock - 1) / ofBlock;
        if (threads == 1 || blocks == 1)
        {
            for (var block = 0; block < blocks; block++)
                Compute(block);
        }
        else
        {
            _ = Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, Compute);
        }

        void Compute(int block)
        {
            var scratch = ArrayPool<byte>.Shared.Rent(roomBytes + CacheLine.Bytes);
            fixed (byte* start = scratch)
                compute(block * ofBlock, Math.Min(ofBlock, rows - (block * ofBlock)), (nint)CacheLine.Align(start));
            ArrayPool<byte>.Shared.Return(scratch);
            BFloat16Product.Release();
        }
    }
}

/// <summary>What follows attention in a layer that normalises after each sum; its parts stay the caller's.</summary>
internal sealed record BlockLayer(
    BlockWeight AttentionOutput, BlockNorm AttentionNorm, BlockWeight Inner, BlockWeight Output, BlockNorm OutputNorm);

/// <summary>A layer norm of rows of bfloat16.</summary>
/// <param name="Weight">bfloat16 [width].</param>
/// <param name="Bias">bfloat16 [width]; null: none.</param>
/// <param name="Epsilon">Added to the variance.</param>
internal sealed record BlockNorm(torch.Tensor Weight, torch.Tensor? Bias, float Epsilon)
{
    /// <summary>Normalises sums of rows.</summary>
    public unsafe void Normalise(ushort* input, ushort* addend, int rows, ushort* target)
    {
        var width = (int)Weight.shape[0];
        var weight = (byte*)TensorMemory.Address<BFloat16Format>(Weight);
        var bias = Bias is null ? null : (byte*)TensorMemory.Address<BFloat16Format>(Bias);
        for (var row = 0; row < rows; row++)
        {
            var offset = row * width;
            LayerNormKernel.NormaliseRow<BFloat16Format>(
                (byte*)(input + offset), (byte*)(addend + offset), weight, bias, width, Epsilon, (byte*)(target + offset));
        }
    }
}
