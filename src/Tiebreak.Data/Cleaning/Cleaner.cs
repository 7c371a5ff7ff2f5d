using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Cleaning;

/// <summary>Applies cleaning rules one after the other, each to what the ones before have left. Cleaning twice is cleaning once.</summary>
public static class Cleaner
{
    /// <summary>Cleans a set.</summary>
    /// <param name="battles">The set; it is not changed.</param>
    /// <param name="rules">The rules, applied in the order of <see cref="CleaningRule.All"/> whatever theirs is. Default: <see cref="CleaningRule.Defaults"/>.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    /// <param name="cancellation">Ends the cleaning with an <see cref="OperationCanceledException"/>.</param>
    public static CleaningReport Clean(
        IReadOnlyList<Battle> battles,
        IReadOnlyCollection<CleaningRule>? rules = null,
        int threads = -1,
        CancellationToken cancellation = default)
    {
        rules ??= CleaningRule.Defaults;
        var left = battles;
        var outcomes = new List<RuleOutcome>();
        foreach (var rule in CleaningRule.All.Where(rules.Contains))
        {
            cancellation.ThrowIfCancellationRequested();
            var results = rule.Apply(left, threads);
            outcomes.Add(new RuleOutcome(rule, Compare(left, results)));
            left = [.. results.OfType<Battle>()];
        }

        return new CleaningReport(battles.Count, left, outcomes);
    }

    private static CleanedBattle[] Compare(IReadOnlyList<Battle> before, IReadOnlyList<Battle?> after) =>
    [
        .. before.Zip(after)
            .Where(pair => !ReferenceEquals(pair.First, pair.Second))
            .Select(pair => pair.Second is { } changed
                ? new CleanedBattle(changed.Id, CleaningAction.Relabelled, pair.First.Target, changed.Target)
                : new CleanedBattle(pair.First.Id, CleaningAction.Dropped, pair.First.Target, pair.First.Target)),
    ];
}
