using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Sampling;

/// <summary>A sample and how well it stands for the set.</summary>
/// <param name="Battles">The sample, in the order of the set.</param>
/// <param name="Shares">For every value of every property that was balanced, its shares; the most frequent values first.</param>
public sealed record BattleSample(IReadOnlyList<Battle> Battles, IReadOnlyList<Share> Shares)
{
    /// <summary>The largest difference between a share of the sample and that of the set, 0 to 1.</summary>
    public double LargestDifference => Shares.Select(share => Math.Abs(share.Population - share.Sample)).DefaultIfEmpty().Max();
}
