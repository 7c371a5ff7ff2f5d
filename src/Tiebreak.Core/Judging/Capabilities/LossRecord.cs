using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Judging.Capabilities;

/// <summary>
/// What a token budget costs battles, noted while a judge reads them, so that nothing is written as tokens twice only to count. Safe to use
/// from many threads.
/// </summary>
public sealed class LossRecord
{
    private readonly IReadOnlyList<Battle> _battles;
    private readonly Dictionary<Battle, int> _rows = new(ReferenceEqualityComparer.Instance);
    private readonly BattleTokens?[] _losses;

    /// <summary>Creates a record in which nothing is noted.</summary>
    /// <param name="battles">The battles of interest: these objects, so that a battle with A and B exchanged is another one.</param>
    public LossRecord(IReadOnlyList<Battle> battles)
    {
        ArgumentNullException.ThrowIfNull(battles);
        (_battles, _losses) = (battles, new BattleTokens?[battles.Count]);
        for (var row = 0; row < battles.Count; row++)
            _rows[battles[row]] = row;
    }

    /// <summary>The battles of which nothing is noted.</summary>
    public IReadOnlyList<Battle> Missing => [.. _battles.Where((_, row) => _losses[row] is null)];

    /// <summary>Notes what became of a battle; one that is of no interest is passed over.</summary>
    /// <param name="battle">The battle.</param>
    /// <param name="losses">What the budget left of it.</param>
    public void Note(Battle battle, BattleTokens losses)
    {
        if (_rows.TryGetValue(battle, out var row))
            _losses[row] = new BattleTokens(losses.Tokens, losses.Kept, losses.Turns, losses.TurnsKept, losses.Length); // without its ids
    }

    /// <summary>What is noted until now.</summary>
    public BudgetReport Report() => new([.. _losses.OfType<BattleTokens>()]);
}
