namespace Tiebreak.Tokenization.Budgets;

/// <summary>Strategies by the names that commands and recipes use.</summary>
public static class BudgetStrategies
{
    /// <summary>Name and strategy.</summary>
    public static IReadOnlyDictionary<string, BudgetStrategy> ByName { get; } =
        new Dictionary<string, BudgetStrategy>(StringComparer.Ordinal)
        {
            ["rounds"] = BudgetStrategy.Rounds,
            ["left"] = BudgetStrategy.Left,
            ["thirds"] = BudgetStrategy.Thirds,
            ["1:2:2"] = BudgetStrategy.OneTwoTwo,
            ["longer"] = BudgetStrategy.Longer,
            ["end"] = BudgetStrategy.End,
        };
}
