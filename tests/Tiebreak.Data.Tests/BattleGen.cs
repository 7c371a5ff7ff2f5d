using CsCheck;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Tests;

/// <summary>
/// Small made-up sets full of what cleaning, splitting and searching for duplicates are about: few different texts, blanks, nulls, equal
/// sides.
/// </summary>
public static class BattleGen
{
    private static readonly Gen<string?> Text = OneOf<string?>(
        null, "", " ", "?!", "Hello there", "hello, THERE!", "How do I sort a list in Python?", "I can't help with that.",
        "I am Claude, made by Anthropic.", "broken \uFFFD text",
        "one two three four five six seven eight nine ten", "one two three four five six seven eight nine eleven");

    private static readonly Gen<Turn> Turn = Gen.Select(Text, Text, Text, (prompt, a, b) => new Turn(prompt, a, b));

    private static readonly Gen<Verdict?> Verdict = OneOf<Verdict?>(
        null, Core.Battles.Verdict.A, Core.Battles.Verdict.B, Core.Battles.Verdict.Tie, Core.Battles.Verdict.BothBad);

    /// <summary>Sets of 1 to 40 battles with ids 0, 1, 2..., models m0 to m4 and times of ten different days.</summary>
    public static readonly Gen<Battle[]> Sets = Gen.Select(Turn.Array[1, 2], Verdict, Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 9])
        .Array[1, 40].Select(rows => rows.Select((row, i) => new Battle
        {
            Id = $"{i}",
            Turns = row.Item1,
            Verdict = row.Item2,
            ModelA = $"m{row.Item3}",
            ModelB = $"m{row.Item4}",
            Timestamp = DateTimeOffset.UnixEpoch.AddDays(row.Item5),
        }).ToArray());

    public static Battle Battle(string id, string? prompt, string? a, string? b, Verdict? verdict = null) =>
        new() { Id = id, Turns = [new Turn(prompt, a, b)], Verdict = verdict };

    public static IEnumerable<string> Ids(this IEnumerable<Battle> battles) => battles.Select(battle => battle.Id);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
