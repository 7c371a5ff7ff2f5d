namespace Tiebreak.Tokenization.Budgets;

/// <summary>What a budget cost the texts of one side.</summary>
public sealed record PartLoss
{
    internal PartLoss(BattlePart part, IReadOnlyCollection<FittedBattle> battles)
    {
        Part = part;
        var lost = battles.Select(battle => battle.Tokens[(int)part] - battle.Kept[(int)part]).Where(tokens => tokens > 0).Order().ToList();
        Tokens = battles.Sum(battle => (long)battle.Tokens[(int)part]);
        Lost = lost.Sum(tokens => (long)tokens);
        Rows = lost.Count;
        MedianLost = lost.Count == 0 ? 0 : lost[lost.Count / 2];
        MostLost = lost.Count == 0 ? 0 : lost[^1];
        Gone = battles.Count(battle => battle.Tokens[(int)part] > 0 && battle.Kept[(int)part] == 0);
    }

    /// <summary>Whose texts.</summary>
    public BattlePart Part { get; }

    /// <summary>Tokens before the cut.</summary>
    public long Tokens { get; }

    /// <summary>Tokens cut away.</summary>
    public long Lost { get; }

    /// <summary>Battles in which this side lost anything.</summary>
    public int Rows { get; }

    /// <summary>Median of the tokens lost, over those battles.</summary>
    public int MedianLost { get; }

    /// <summary>Most tokens lost in one battle.</summary>
    public int MostLost { get; }

    /// <summary>Battles in which nothing of this side is left.</summary>
    public int Gone { get; }
}
