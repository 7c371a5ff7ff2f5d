namespace Tiebreak.Tokenization.Budgets;

/// <summary>What a budget cost a set of battles, by side.</summary>
public sealed record BudgetReport
{
    /// <summary>Creates the report.</summary>
    public BudgetReport(IReadOnlyCollection<FittedBattle> battles)
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
