using Tiebreak.Torch;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Engine;

/// <summary>
/// Batches of several sequences in parts that are computed beside each other, each on one thread. Sequences know nothing of each other, so
/// that nothing but rounding changes.
/// </summary>
internal static class BatchParts
{
    private const int LeastTokens = 256; // of a part: of fewer, products are slower
    private const int MostPartsOfThread = 4;

    // With a larger part than this share of an equal one the other threads would wait for its thread longer than operators do for theirs.
    private const double LargestShare = 1.25;

    /// <summary>The parts, in the order of the sequences.</summary>
    /// <returns>The batch alone where operators with all threads are as fast, where gradients may be wanted, and on a GPU.</returns>
    public static IReadOnlyList<PackedTokens> Of(PackedTokens tokens, Device device)
    {
        if (tokens.Count < 2 || device.type is not TorchSharp.DeviceType.CPU || !is_inference_mode_enabled() || !SingleThreaded.IsPossible)
            return [tokens];

        var threads = get_num_threads();
        for (var count = threads * MostPartsOfThread; count >= threads; count -= threads)
        {
            if (tokens.TokenCount < count * LeastTokens)
                continue;
            var parts = tokens.Parts(count);
            var turns = (parts.Count + threads - 1) / threads;
            if (parts.Max(part => part.TokenCount) * turns <= LargestShare * tokens.TokenCount / threads)
                return parts;
        }

        return [tokens];
    }
}
