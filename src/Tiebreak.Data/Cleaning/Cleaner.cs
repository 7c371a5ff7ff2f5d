using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Cleaning;

/// <summary>Applies cleaning rules one after the other, each to what the ones before have left. Cleaning twice is cleaning once.</summary>
public static class Cleaner
{
    /// <summary>Cleans a set.</summary>
    /// <param name="battles">The set; it is not changed.</param>
    /// <param name="rules">
    /// The rules, applied in the order of <see cref="CleaningRule.All"/> whatever theirs is. Default: <see cref="CleaningRule.Defaults"/>.
    /// </param>
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

/// <summary>A battle that a rule touched.</summary>
/// <param name="Id">The battle's id.</param>
/// <param name="Action">What happened.</param>
/// <param name="Before">The label before, or null.</param>
/// <param name="After">The label after; for a dropped battle the one that it had.</param>
public sealed record CleanedBattle(string Id, CleaningAction Action, Preference? Before, Preference? After);

/// <summary>What happened to a battle.</summary>
public enum CleaningAction
{
    /// <summary>It is not among the cleaned battles.</summary>
    Dropped,

    /// <summary>It has another label.</summary>
    Relabelled,
}

/// <summary>The cleaned battles, and an account of every difference.</summary>
/// <param name="Before">How many battles there were.</param>
/// <param name="Battles">The battles that are left, in their order.</param>
/// <param name="Rules">What each rule did, in the order of application; rules that found nothing are listed too.</param>
public sealed record CleaningReport(int Before, IReadOnlyList<Battle> Battles, IReadOnlyList<RuleOutcome> Rules);

/// <summary>What one rule did.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Touched">The battles that it dropped or changed, in the order of the list.</param>
public sealed record RuleOutcome(CleaningRule Rule, IReadOnlyList<CleanedBattle> Touched)
{
    /// <summary>How many battles it dropped.</summary>
    public int Dropped => Touched.Count(battle => battle.Action is CleaningAction.Dropped);

    /// <summary>How many battles it gave another label.</summary>
    public int Relabelled => Touched.Count - Dropped;
}
