using Tiebreak.Core;
using Tiebreak.Core.Judging;
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
    public async Task CheckAsync(IsolatingJudge judge, JudgeOutcome[] outcomes, CancellationToken cancellationToken)
    {
        if (outcomes.Count(outcome => outcome.Failure is not null) * 2 <= outcomes.Length)
            return;

        var shortest = ShardCutter.LongestFirst(run.Tokens).TakeLast(Probes);
        var request = new JudgeRequest { Battles = [.. shortest.Select(row => run.Battles[row])] };
        var probes = await judge.JudgeAsync(request, cancellationToken).ConfigureAwait(false);
        if (Array.TrueForAll(probes, probe => probe.Failure is not null))
        {
            throw new TiebreakException(
                "The judge fails on the shortest battles too, so it is the judge that is broken and not the data: " +
                $"{probes[0].Failure!.Describe()}. Mend it, then resume the run.");
        }
    }
}
