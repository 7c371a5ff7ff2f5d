namespace Tiebreak.Data.Cleaning;

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
