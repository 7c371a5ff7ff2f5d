using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>Rows that are computed in blocks, whose results are small enough to stay in the core's caches until they are used.</summary>
internal static class RowBlocks
{
    // Elements of a block's widest result, and rows within bounds that keep products at their rate.
    private const int BlockElements = 1 << 20;
    private const int LeastRows = 128;
    private const int MostRows = 1024;

    /// <summary>Computes all blocks, on as many threads as libtorch uses.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="width">Elements of the widest row that a block makes.</param>
    /// <param name="compute">Gets the first row and the number of rows, in inference mode and in a dispose scope of its own.</param>
    public static void Run(int rows, int width, Action<int, int> compute)
    {
        var threads = SingleThreaded.IsPossible ? torch.get_num_threads() : 1;
        var most = Math.Clamp(BlockElements / width, LeastRows, MostRows);
        var blocksOfThread = (rows + (threads * most) - 1) / (threads * most);
        var size = Math.Max(LeastRows, (rows + (threads * blocksOfThread) - 1) / (threads * blocksOfThread));
        var blocks = (rows + size - 1) / size;
        if (threads > 1 && blocks > 1)
        {
            SingleThreaded.Run(blocks, Compute);
            return;
        }

        for (var block = 0; block < blocks; block++)
        {
            using var mode = torch.inference_mode();
            using var scope = torch.NewDisposeScope();
            Compute(block);
        }

        void Compute(int block) => compute(block * size, Math.Min(size, rows - (block * size)));
    }
}
