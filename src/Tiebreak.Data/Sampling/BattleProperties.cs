using System.Globalization;
using System.Numerics;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Facts;

namespace Tiebreak.Data.Sampling;

/// <summary>What a sample keeps in proportion, the most important first.</summary>
internal static class BattleProperties
{
    public static readonly IReadOnlyList<string> Names = ["language", "source", "turns", "verdict", "length"];

    public static string[] Of(Battle battle)
    {
        var characters = battle.Turns.Sum(turn =>
            (long)(turn.Prompt?.Length ?? 0) + (turn.ResponseA?.Length ?? 0) + (turn.ResponseB?.Length ?? 0));
        var octave = 1L << BitOperations.Log2((ulong)Math.Max(1, characters));
        return
        [
            BattleReading.LanguageOf(battle),
            battle.Source ?? "no source",
            battle.Turns.Count switch { 0 => "no turn", 1 => "1 turn", < 5 => $"{battle.Turns.Count} turns", _ => "5 turns or more" },
            battle.Verdict is { } verdict ? VerdictText.Format(verdict) : battle.SoftLabel is null ? "no verdict" : "soft label",
            string.Create(CultureInfo.InvariantCulture, $"{octave}-{(2 * octave) - 1} characters"),
        ];
    }
}
