namespace Tiebreak.Core.Battles;

/// <summary>
/// Which data set battles come from. A judge is for one of them, the target: the others may help to learn, but only the target's battles
/// say how good the judge is.
/// </summary>
public static class BattleSource
{
    /// <summary>The name of battles whose file does not say where they come from.</summary>
    public const string Unnamed = "unnamed";

    /// <summary>The source of a battle.</summary>
    public static string Of(Battle battle) => battle.Source ?? Unnamed;

    /// <summary>Says of each battle whether it is of the target source.</summary>
    /// <param name="battles">At least one battle.</param>
    /// <param name="target">The target's name; null for the source of the first battle.</param>
    /// <exception cref="InputException">No battle comes from the target.</exception>
    public static bool[] FindTarget(IReadOnlyList<Battle> battles, string? target)
    {
        target ??= Of(battles[0]);
        bool[] isTarget = [.. battles.Select(battle => string.Equals(Of(battle), target, StringComparison.Ordinal))];
        if (!isTarget.Contains(true))
        {
            var names = string.Join(", ", battles.Select(Of).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(20));
            throw new InputException($"No battle comes from the target source \"{target}\". Sources in the data: {names}.");
        }

        return isTarget;
    }
}
