using System.Globalization;
using Tiebreak.Core.Evaluation;

namespace Tiebreak.Data.Facts;

/// <summary>
/// A way to cut battles: battles of one key make a slice. Evaluations and leaderboards cut by the same definitions.
/// </summary>
public sealed class SliceKey
{
    private readonly Func<BattleFacts, IEnumerable<string>> _keys;
    private readonly Func<IEnumerable<IGrouping<string, int>>, IEnumerable<IGrouping<string, int>>> _order;

    private SliceKey(
        string name,
        string title,
        Func<BattleFacts, IEnumerable<string>> keys,
        Func<IEnumerable<IGrouping<string, int>>, IEnumerable<IGrouping<string, int>>> order)
    {
        (Name, Title, _keys, _order) = (name, title, keys, order);
    }

    /// <summary>All keys, in the order of a report.</summary>
    public static IReadOnlyList<SliceKey> All { get; } =
    [
        Listed("turns", "Turns", ["1 turn", "2 turns", "3 turns", "4 turns or more"], facts => Math.Clamp(facts.Turns, 1, 4) - 1),
        Listed(
            "length", "Length",
            ["under 1,000 characters", "1,000 to 3,000 characters", "3,000 to 8,000 characters", "8,000 characters or more"], LengthOf),
        Listed(
            "length-difference", "Difference in length",
            [
                "A more than twice as long", "A longer by a fifth to twice", "about equally long",
                "B longer by a fifth to twice", "B more than twice as long",
            ],
            DifferenceOf),
        new("language", "Language", facts => [facts.Language], LargestFirst) { ReadsTexts = true },
        new("source", "Source", facts => facts.Source is { } source ? [source] : [], LargestFirst),
        new("tag", "Tag, of several", facts => facts.Tags?.Distinct(StringComparer.Ordinal) ?? [], LargestFirst) { Overlaps = true },
        new("month", "Month of the vote", facts => facts.Timestamp is { } time ? [MonthOf(time)] : [], ByName),
        new("model", "Model, on either side", ModelsOf, LargestFirst) { Overlaps = true },
        Listed(
            "finding", "Special cases",
            [
                "both sides empty", "one side empty", "identical responses", "one side refuses", "both sides refuse", "none of these",
            ],
            SpecialCaseOf,
            readsTexts: true),
        new("prompt", "Opening prompt", facts => [facts.PromptKey.ToString()], LargestFirst) { IsFine = true },
    ];

    /// <summary>The keys that reports cut by: all but those that make a slice of nearly every battle.</summary>
    public static IReadOnlyList<SliceKey> ForReports { get; } = [.. All.Where(key => !key.IsFine)];

    /// <summary>The name on the command line and in JSON: <c>length-difference</c>.</summary>
    public string Name { get; }

    /// <summary>The name for people: "Difference in length".</summary>
    public string Title { get; }

    /// <summary>Whether a battle can be in several slices, as it has two models.</summary>
    public bool Overlaps { get; private init; }

    /// <summary>Whether slices have few battles each; such a key says which battles depend on each other.</summary>
    public bool IsFine { get; private init; }

    /// <summary>Whether it needs the facts that take a close reading of the texts; see <see cref="BattleFacts.Of"/>.</summary>
    public bool ReadsTexts { get; private init; }

    /// <summary>The key of a name, or null.</summary>
    public static SliceKey? Find(string name) => All.FirstOrDefault(key => string.Equals(key.Name, name, StringComparison.Ordinal));

    /// <summary>Cuts battles.</summary>
    /// <param name="facts">The facts of the battles.</param>
    /// <returns>The slices that have battles, in the order in which people read them.</returns>
    public Slicing Cut(IReadOnlyList<BattleFacts> facts)
    {
        var groups = Enumerable.Range(0, facts.Count).SelectMany(row => _keys(facts[row]).Select(key => (Key: key, Row: row)))
            .GroupBy(pair => pair.Key, pair => pair.Row, StringComparer.Ordinal);
        return new Slicing(Name, Title, [.. _order(groups).Select(group => new Slice(group.Key, [.. group]))]);
    }

    /// <summary>The slice of each battle, empty where it is in none; null if no battle is in any.</summary>
    /// <exception cref="InvalidOperationException">The key <see cref="Overlaps"/>.</exception>
    public string[]? Label(IReadOnlyList<BattleFacts> facts)
    {
        if (Overlaps)
            throw new InvalidOperationException($"A battle can be in several slices by {Name}.");
        string[] labels = [.. facts.Select(fact => _keys(fact).FirstOrDefault(""))];
        return Array.Exists(labels, label => label.Length > 0) ? labels : null;
    }

    /// <summary>The month of a time as the keys write it, in UTC: <c>2024-05</c>.</summary>
    internal static string MonthOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static SliceKey Listed(
        string name, string title, string[] slices, Func<BattleFacts, int> number, bool readsTexts = false) => new(
        name, title, facts => [slices[number(facts)]], groups => groups.OrderBy(group => Array.IndexOf(slices, group.Key)))
        {
            ReadsTexts = readsTexts,
        };

    private static IEnumerable<IGrouping<string, int>> LargestFirst(IEnumerable<IGrouping<string, int>> groups) =>
        groups.OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal);

    private static IEnumerable<IGrouping<string, int>> ByName(IEnumerable<IGrouping<string, int>> groups) =>
        groups.OrderBy(group => group.Key, StringComparer.Ordinal);

    // Characters of all texts together; about four make a token.
    private static int LengthOf(BattleFacts facts) => (facts.PromptLength + facts.LengthA + facts.LengthB) switch
    {
        < 1_000 => 0,
        < 3_000 => 1,
        < 8_000 => 2,
        _ => 3,
    };

    private static int DifferenceOf(BattleFacts facts) => ((facts.LengthA + 1.0) / (facts.LengthB + 1.0)) switch
    {
        > 2 => 0,
        > 1.2 => 1,
        >= 1 / 1.2 => 2,
        >= 0.5 => 3,
        _ => 4,
    };

    private static int SpecialCaseOf(BattleFacts facts) => facts switch
    {
        { BothSidesBlank: true } => 0,
        { OneSideBlank: true } => 1,
        { Identical: true } => 2,
        { OneSideRefuses: true } => 3,
        { BothSidesRefuse: true } => 4,
        _ => 5,
    };

    private static IEnumerable<string> ModelsOf(BattleFacts facts) =>
        new[] { facts.ModelA, facts.ModelB }.OfType<string>().Distinct(StringComparer.Ordinal);
}
