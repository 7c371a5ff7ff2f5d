using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Data.Auditing;

namespace Tiebreak.Data.Slices;

/// <summary>The ways to cut battles that every report offers.</summary>
public static class BattleSlicer
{
    /// <summary>The names of all slicings, in the order of a report.</summary>
    public static IReadOnlyList<string> Names { get; } = ["turns", "length", "length-difference", "language", "source", "model", "finding"];

    /// <summary>Cuts battles in every way that says something about them: sources and models only where the data names any.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="names">The slicings wanted, of <see cref="Names"/>.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between battles.</param>
    public static IReadOnlyList<Slicing> Cut(
        IReadOnlyList<Battle> battles, IReadOnlyCollection<string> names, int threads, CancellationToken cancellationToken = default)
    {
        var facts = new BattleFacts[battles.Count];
        Parallel.For(0, facts.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            i => facts[i] = BattleFacts.Of(battles[i], TokenCounter.Estimate));
        Slicing[] all =
        [
            new("turns", "Turns", Ordered(facts.Length, i =>
                facts[i].Turns switch { <= 1 => (1, "1 turn"), 2 => (2, "2 turns"), 3 => (3, "3 turns"), _ => (4, "4 turns or more") })),
            new("length", "Length", Ordered(facts.Length, i => Length(facts[i]))),
            new("length-difference", "Difference in length", Ordered(facts.Length, i => Difference(facts[i]))),
            new("language", "Language", BySize(facts.Length, i => [facts[i].Language])),
            new("source", "Source", BySize(facts.Length, i => battles[i].Source is { } source ? [source] : [])),
            new("model", "Model, on either side", BySize(facts.Length, i => Models(battles[i]))),
            new("finding", "Special cases", Ordered(facts.Length, i => Finding(facts[i]))),
        ];
        return [.. all.Where(slicing => slicing.Slices.Count > 0 && names.Contains(slicing.Name, StringComparer.Ordinal))];
    }

    // Characters of all texts together; about four make a token.
    private static (int Order, string Name) Length(BattleFacts facts) => (facts.PromptLength + facts.LengthA + facts.LengthB) switch
    {
        < 1_000 => (0, "under 1,000 characters"),
        < 3_000 => (1, "1,000 to 3,000 characters"),
        < 8_000 => (2, "3,000 to 8,000 characters"),
        _ => (3, "8,000 characters or more"),
    };

    private static (int Order, string Name) Difference(BattleFacts facts) => ((facts.LengthA + 1.0) / (facts.LengthB + 1.0)) switch
    {
        > 2 => (0, "A more than twice as long"),
        > 1.2 => (1, "A longer by a fifth to twice"),
        >= 1 / 1.2 => (2, "about equally long"),
        >= 0.5 => (3, "B longer by a fifth to twice"),
        _ => (4, "B more than twice as long"),
    };

    private static (int Order, string Name) Finding(BattleFacts facts) => facts.Flags switch
    {
        var flags when flags.HasFlag(BattleFlags.BothBlank) => (0, "both sides empty"),
        var flags when flags.HasFlag(BattleFlags.OneSideBlank) => (1, "one side empty"),
        var flags when flags.HasFlag(BattleFlags.Identical) => (2, "identical responses"),
        var flags when flags.HasFlag(BattleFlags.OneRefuses) => (3, "one side refuses"),
        var flags when flags.HasFlag(BattleFlags.BothRefuse) => (4, "both sides refuse"),
        _ => (5, "none of these"),
    };

    private static IEnumerable<string> Models(Battle battle) =>
        new[] { battle.ModelA, battle.ModelB }.OfType<string>().Distinct(StringComparer.Ordinal);

    private static Slice[] Ordered(int rows, Func<int, (int Order, string Name)> slice) =>
        [.. Enumerable.Range(0, rows).GroupBy(slice).OrderBy(group => group.Key.Order)
            .Select(group => new Slice(group.Key.Name, [.. group]))];

    private static Slice[] BySize(int rows, Func<int, IEnumerable<string>> slices) =>
    [
        .. Enumerable.Range(0, rows).SelectMany(i => slices(i).Select(name => (Name: name, Row: i)))
            .GroupBy(pair => pair.Name, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new Slice(group.Key, [.. group.Select(pair => pair.Row)])),
    ];
}
