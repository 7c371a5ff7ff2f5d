using Tiebreak.Core;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Cleaning;

/// <summary>One thing that cleaning does, by a name that stays the same from version to version.</summary>
public sealed record CleaningRule
{
    internal CleaningRule(
        string name, string description, bool onByDefault, Func<IReadOnlyList<Battle>, int, IReadOnlyList<Battle?>> apply)
    {
        (Name, Description, OnByDefault, Apply) = (name, description, onByDefault, apply);
    }

    /// <summary>All rules, in the order in which they are applied.</summary>
    public static IReadOnlyList<CleaningRule> All => CleaningRules.InOrder;

    /// <summary>The rules that nobody has to ask for: those that almost every published solution of the task applies.</summary>
    public static IReadOnlyList<CleaningRule> Defaults => [.. All.Where(rule => rule.OnByDefault)];

    /// <summary>The name, as in <c>identical-tie</c>.</summary>
    public string Name { get; }

    /// <summary>What it does, in one sentence.</summary>
    public string Description { get; }

    /// <summary>Whether it belongs to <see cref="Defaults"/>.</summary>
    public bool OnByDefault { get; }

    /// <summary>
    /// Gives for each battle the same one (left alone), another one (changed) or null (dropped), on at most a number of threads.
    /// </summary>
    internal Func<IReadOnlyList<Battle>, int, IReadOnlyList<Battle?>> Apply { get; }

    /// <summary>The rule of a name.</summary>
    /// <exception cref="InputException">There is none; the message lists the names.</exception>
    public static CleaningRule Named(string name) =>
        All.FirstOrDefault(rule => string.Equals(rule.Name, name, StringComparison.Ordinal))
        ?? throw new InputException(
            $"There is no cleaning rule '{name}'. The rules are {string.Join(", ", All.Select(rule => rule.Name))}.");

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
