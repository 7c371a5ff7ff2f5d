using Tiebreak.Core;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Votes;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// The answer to a file whose columns no layout knows: what was found, which layouts are nearest, and the mapping to write, with the
/// columns that are probably meant filled in.
/// </summary>
internal static class UnknownLayout
{
    private const int LayoutsNamed = 2;

    // Names that many layouts share tell none.
    private static readonly IReadOnlyList<string> OwnNames = new PlainLayout().Columns;

    // What a name holds that probably means a side, at its end.
    internal static readonly string[] SidesA = ["A", "1", "LEFT", "FIRST"];
    internal static readonly string[] SidesB = ["B", "2", "RIGHT", "SECOND"];
    internal static readonly string[] Answers = ["RESPONSE", "OUTPUT", "ANSWER", "COMPLETION", "REPLY", "TEXT", "SUMMARY", "GENERATION"];
    internal static readonly string[] Models = ["MODEL", "GENERATOR", "SYSTEM", "ASSISTANT"];
    internal static readonly string[] Prompts = ["PROMPT", "QUESTION", "INSTRUCTION", "QUERY", "INPUT", "MESSAGE", "CONTEXT", "POST"];
    internal static readonly string[] Winners =
    [
        "WINNER", "PREFERENCE", "PREFERRED", "LABEL", "VERDICT", "VOTE", "CHOICE", "BETTER", "JUDGEMENT", "JUDGMENT", "OUTCOME",
        "COMPARISON", "SELECTED",
    ];

    /// <summary>Says it of a file that should hold battles.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Its columns or keys, as they are written.</param>
    /// <param name="kind">What they are: <c>columns</c> or <c>keys</c>.</param>
    /// <param name="row">A row, as an example of what lies within its objects and lists; null for none.</param>
    public static InputException OfBattles(
        string path, IReadOnlyCollection<string> columns, string kind, Dictionary<string, object?>? row = null) =>
        Explain(path, columns, kind, "battles", ["prompt", "response_a", "response_b", "winner"], row);

    /// <summary>Says it of a file that should hold votes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Its columns or keys, as they are written.</param>
    /// <param name="kind">What they are: <c>columns</c> or <c>keys</c>.</param>
    /// <param name="row">A row, as an example of what lies within its objects and lists; null for none.</param>
    public static InputException OfVotes(
        string path, IReadOnlyCollection<string> columns, string kind, Dictionary<string, object?>? row = null) =>
        Explain(path, columns, kind, "votes", ["model_a", "model_b", "winner"], row);

    /// <summary>The column that is probably meant by a name of Tiebreak's; null where none or several are.</summary>
    public static string? Guess(IReadOnlyCollection<string> columns, string name) => name switch
    {
        "prompt" => Only(columns, spelling => Array.Exists(Prompts, word => spelling.StartsWith(word, StringComparison.Ordinal))
            && !spelling.EndsWith("ID", StringComparison.Ordinal)),
        "response_a" => Side(columns, Answers, isA: true),
        "response_b" => Side(columns, Answers, isA: false),
        "model_a" => Side(columns, Models, isA: true),
        "model_b" => Side(columns, Models, isA: false),
        "chosen" or "rejected" => Only(columns, spelling => spelling.StartsWith(name, StringComparison.OrdinalIgnoreCase)),
        "winner" => Only(columns, spelling => Array.Exists(Winners, word => spelling.Contains(word, StringComparison.Ordinal))),
        _ => null,
    };

    private static InputException Explain(
        string path, IReadOnlyCollection<string> columns, string kind, string content, string[] needed, Dictionary<string, object?>? row)
    {
        if (kind is "keys" && row is { Count: 1 } && row.Single() is { Value: List<object?> and [var first, ..] } rows && IsRow(first))
        {
            return new InputException($"{path} is a JSON object whose rows seem to stand in the list \"{rows.Key}\". "
                + $"Write them one a line, for instance with jq -c '.{rows.Key}[]'.");
        }

        if (needed.Contains("prompt") && Guess(columns, "chosen") is not null && Guess(columns, "rejected") is not null)
            needed = ["prompt", "chosen", "rejected"];
        var isVotes = needed.Contains("prompt") && VoteColumns.AreIn(columns.ToHashSet(StringComparer.Ordinal));
        var hint = isVotes ? " They are those of votes without texts, by which models can be ranked and nothing else." : Nearest(columns);
        var within = PathsWithin.Of(row);
        var mapping = needed.Select(name =>
        {
            var column = ColumnMap.Find(columns, name) ?? Guess(columns, name);
            var isObject = column is not null && row?.GetValueOrDefault(column) is Dictionary<string, object?>;
            return $"{name}={(isObject ? null : column) ?? within.Guess(name) ?? "NAME"}";
        });
        return new InputException(
            $"{path} has no layout of {content} that Tiebreak knows; its {kind} are {ColumnNames.List([.. columns])}.{hint} "
            + $"Say which of them are which: `columns` {string.Join(',', mapping)}"
            + (within.IsEmpty ? "" : "; what lies within an object or a list is named by its path, as outputs[0].text"))
        {
            Parameters = ["columns"],
        };
    }

    // An object, but no message of a conversation.
    private static bool IsRow(object? item) =>
        item is Dictionary<string, object?> members && !members.ContainsKey("role") && !members.ContainsKey("from");

    private static string Nearest(IReadOnlyCollection<string> columns)
    {
        var nearest = RecordLayouts.All(sideSeed: 0)
            .Select(layout => (layout.Name, Shared: columns.Intersect(layout.Columns, StringComparer.Ordinal).ToList()))
            .Where(layout => layout.Shared.Except(OwnNames, StringComparer.Ordinal).Count() > 1)
            .OrderByDescending(layout => layout.Shared.Count).Take(LayoutsNamed)
            .Select(layout => $"{layout.Name} (has {ColumnNames.List(layout.Shared)} too)").ToList();
        return nearest.Count == 0 ? "" : $" Nearest {(nearest.Count == 1 ? "is" : "are")} {string.Join(" and ", nearest)}.";
    }

    private static string? Only(IReadOnlyCollection<string> columns, Predicate<string> fits)
    {
        var found = columns.Where(column => fits(ColumnMap.Spelling(column))).ToList();
        return found.Count == 1 ? found[0] : null;
    }

    private static string? Side(IReadOnlyCollection<string> columns, string[] words, bool isA) =>
        columns.Any(column => IsSide(ColumnMap.Spelling(column), words, ["0"]))
            ? Only(columns, spelling => IsSide(spelling, words, [isA ? "0" : "1"]))
            : Only(columns, spelling => IsSide(spelling, words, isA ? SidesA : SidesB));

    // orig_response_1, model_left; context_1 is no text_1.
    private static bool IsSide(string spelling, string[] words, string[] sides) =>
        !spelling.Contains("CONTEXT", StringComparison.Ordinal)
        && Array.Exists(words, word => Array.Exists(sides, side => spelling.EndsWith(word + side, StringComparison.Ordinal)));
}
