using Tiebreak.Core;
using Tiebreak.Runs.Planning;

namespace Tiebreak.Runs.Scoring;

/// <summary>
/// Tells battles that break a judge from a judge that is broken. A run full of fallback preferences would look finished and be worthless,
/// so where most of a shard fails, three of the shortest battles are tried; if none of them succeeds either, the run stops.
/// </summary>
internal sealed class JudgeHealth(RunContext run)
{
    private const int Probes = 3;

    /// <exception cref="TiebreakException">The judge fails on everything.</exception>
    public async Task CheckAsync(BatchScorer scorer, RowScore[] scores, CancellationToken cancellationToken)
    {
        if (scores.Count(score => score.IsFailed) * 2 <= scores.Length)
            return;

        var shortest = ShardCutter.LongestFirst(run.Tokens).TakeLast(Probes).ToList();
        var probes = await scorer.ScoreAsync(
            [.. shortest.Select(row => run.Battles[row])], [.. shortest.Select(row => run.Tokens[row])], progress: null, cancellationToken);
        if (Array.TrueForAll(probes, probe => probe.IsFailed))
        {
            throw new TiebreakException(
                $"The judge fails on the shortest battles too, so it is the judge that is broken and not the data: {probes[0].Failure}. "
                + "Mend it, then resume the run.");
        }
    }
}
