using System.Globalization;
using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Evaluation;

/// <summary>The ways to cut battles into slices that every report offers.</summary>
public static class Slice
{
    /// <summary>Slice functions by the name that the command line uses.</summary>
    public static IReadOnlyDictionary<string, Func<Battle, string>> ByName { get; } =
        new Dictionary<string, Func<Battle, string>>(StringComparer.Ordinal)
        {
            ["turns"] = ByTurns,
            ["length"] = ByLength,
            ["language"] = battle => battle.Language ?? "unknown",
            ["source"] = battle => battle.Source ?? "unknown",
        };

    private static string ByTurns(Battle battle) =>
        battle.Turns.Count >= 4 ? "4 or more turns" : battle.Turns.Count == 1 ? "1 turn" : string.Create(CultureInfo.InvariantCulture, $"{battle.Turns.Count} turns");

    // Characters of all texts together; about four make a token.
    private static string ByLength(Battle battle) =>
        battle.Turns.Sum(turn => (long)(turn.Prompt?.Length ?? 0) + (turn.ResponseA?.Length ?? 0) + (turn.ResponseB?.Length ?? 0)) switch
        {
            < 1_000 => "under 1,000 characters",
            < 3_000 => "1,000 to 3,000 characters",
            < 8_000 => "3,000 to 8,000 characters",
            _ => "8,000 characters or more",
        };
}
