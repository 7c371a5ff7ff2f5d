namespace Tiebreak.App.Watching;

/// <summary>Something that is more or less frequent among the last votes than it was, beyond chance.</summary>
/// <param name="Slice">What: "Language: German".</param>
/// <param name="Before">Its share of the battles that it is compared with.</param>
/// <param name="Now">Its share of the last votes.</param>
/// <param name="StandardErrors">How far beyond chance the difference is; negative for less.</param>
/// <param name="LogLoss">The judge's log loss on these of the last votes; NaN where there are none.</param>
public sealed record SliceShift(string Slice, double Before, double Now, double StandardErrors, double LogLoss)
{
    private const double LeastStandardErrors = 4; // chance shows fewer than one in 10,000 slices so
    private const int FewestVotes = 50;

    /// <summary>The shifts of a watch, the largest first.</summary>
    internal static IReadOnlyList<SliceShift> Of(WatchState state)
    {
        if (state.ReferenceBattles < FewestVotes || state.Recent.Count < FewestVotes)
            return [];

        var now = SliceNames.Count(state.Recent.Select(vote => vote.Slices));
        return
        [
            .. state.ReferenceSlices.Keys.Union(now.Keys, StringComparer.Ordinal)
                .Select(name => Between(name, state, now.GetValueOrDefault(name)))
                .Where(shift => Math.Abs(shift.StandardErrors) >= LeastStandardErrors)
                .OrderByDescending(shift => Math.Abs(shift.StandardErrors)).ThenBy(shift => shift.Slice, StringComparer.Ordinal),
        ];
    }

    private static SliceShift Between(string name, WatchState state, int now)
    {
        var (n, m, before) = (state.ReferenceBattles, state.Recent.Count, state.ReferenceSlices.GetValueOrDefault(name));
        var together = (double)(before + now) / (n + m);
        var error = Math.Sqrt(together * (1 - together) * ((1.0 / n) + (1.0 / m)));
        var (was, isNow) = ((double)before / n, (double)now / m);
        var losses = state.Recent.Where(vote => vote.Slices.Contains(name, StringComparer.Ordinal)).Select(vote => vote.LogLoss);
        return new SliceShift(name, was, isNow, error > 0 ? (isNow - was) / error : 0, losses.DefaultIfEmpty(double.NaN).Average());
    }
}
