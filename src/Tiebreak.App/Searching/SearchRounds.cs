namespace Tiebreak.App.Searching;

/// <summary>
/// The rounds of a search by successive halving (Jamieson and Talwalkar 2016): all trials learn from a part of the prompts, the better
/// third of them from three times as many, and so on until the last ones have all.
/// </summary>
internal static class SearchRounds
{
    private const int Factor = 3;
    private const int MostRounds = 3;
    private const int FewestBattles = 50;
    private const int FewestFinalists = 2;

    /// <summary>The rounds: which part of the prompts is learned from, and by how many trials, the recipe itself among them.</summary>
    /// <param name="trials">Trials of the first round.</param>
    /// <param name="battles">Battles that there are to learn from; a part that is too small to tell trials apart is left out.</param>
    public static IReadOnlyList<SearchRound> Of(int trials, int battles)
    {
        var rounds = new List<SearchRound> { new(1, trials) };
        for (var divisor = Factor; rounds.Count < MostRounds; divisor *= Factor)
        {
            if (trials / divisor < 1 || battles / divisor < FewestBattles)
                break;
            rounds.Insert(0, new SearchRound(divisor, trials));
        }

        return [.. rounds.Select((round, i) => round with { Trials = Math.Max(FewestFinalists, trials / (int)Math.Pow(Factor, i)) })];
    }
}

/// <summary>A round of a search.</summary>
/// <param name="Divisor">The trials learn from one part in so many of the prompts: 9, 3, 1.</param>
/// <param name="Trials">How many trials take part.</param>
internal sealed record SearchRound(int Divisor, int Trials)
{
    /// <summary>The part for people.</summary>
    public string Part => Divisor == 1 ? "all" : Invariant($"1/{Divisor}");
}
