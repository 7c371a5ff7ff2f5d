namespace Tiebreak.Core.Judging.Capabilities;

/// <summary>What a budget cost a set of battles, by side.</summary>
public sealed record BudgetReport
{
    /// <summary>Creates the report.</summary>
    public BudgetReport(IReadOnlyCollection<BattleTokens> battles)
    {
        ArgumentNullException.ThrowIfNull(battles);
        Battles = battles.Count;
        Cut = battles.Count(battle => battle.IsCut);
        TurnsDropped = battles.Sum(battle => battle.Turns - battle.TurnsKept);
        Longest = battles.Select(battle => battle.Length).DefaultIfEmpty().Max();
        Parts = [.. Enum.GetValues<BattlePart>().Select(part => new PartLoss(part, battles))];
    }

    /// <summary>Battles written.</summary>
    public int Battles { get; }

    /// <summary>Battles that lost anything.</summary>
    public int Cut { get; }

    /// <summary>Turns left out whole.</summary>
    public int TurnsDropped { get; }

    /// <summary>Tokens of the longest row written.</summary>
    public int Longest { get; }

    /// <summary>The losses of prompts, responses A and responses B.</summary>
    public IReadOnlyList<PartLoss> Parts { get; }
}

/// <summary>What a budget cost the texts of one side.</summary>
public sealed record PartLoss
{
    internal PartLoss(BattlePart part, IReadOnlyCollection<BattleTokens> battles)
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

/// <summary>Whose text it is.</summary>
public enum BattlePart
{
    /// <summary>The person's.</summary>
    Prompt,

    /// <summary>Side A's.</summary>
    ResponseA,

    /// <summary>Side B's.</summary>
    ResponseB,
}

/// <summary>How much of one battle a token budget leaves.</summary>
/// <param name="Tokens">
/// Tokens of the prompts, of responses A and of responses B before the cut, indexed by <see cref="BattlePart"/>.
/// </param>
/// <param name="Kept">How many of them are left.</param>
/// <param name="Turns">Turns of the battle.</param>
/// <param name="TurnsKept">Turns of which anything is left.</param>
/// <param name="Length">Tokens of the row that a model reads.</param>
public record BattleTokens(int[] Tokens, int[] Kept, int Turns, int TurnsKept, int Length)
{
    /// <summary>Whether anything was given up.</summary>
    public bool IsCut => Kept.Sum() < Tokens.Sum();
}
