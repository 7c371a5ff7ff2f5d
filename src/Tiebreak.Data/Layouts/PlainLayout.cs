using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Tables with Tiebreak's own columns: a text is a list with one element per turn, or a plain string for a single turn. The WSDM Cup's CSV
/// and parquet files (<c>winner</c>; <c>scored</c> in test data) are of this kind.
/// </summary>
internal sealed class PlainLayout : IBattleLayout
{
    private static readonly string[] Needed = ["id", "prompt", "response_a", "response_b"];

    public string Name => "Tiebreak's own";

    /// <summary>What the prompt is called: of several, the first that a row has.</summary>
    private static readonly string[] Prompts = ["prompt", "question", "instruction", "input"];

    /// <summary>The columns besides id, texts and models.</summary>
    public static IReadOnlyList<string> Further { get; } =
        ["winner", "scored", "language", "tstamp", "annotators", "annotator_ids", "tags", "source", "license", "soft_label"];

    public IReadOnlyList<string> Columns { get; } = [.. Needed, "model_a", "model_b", .. Further, .. Prompts[1..], "system", "judge"];

    // Two of the three texts; that a row lacks the third is a problem of the row.
    public bool Matches(IReadOnlySet<string> names) =>
        (Prompts.Any(names.Contains) && (names.Contains("response_a") || names.Contains("response_b")))
        || (names.Contains("response_a") && names.Contains("response_b"));

    /// <summary>True for rows that have all that Tiebreak's own files have.</summary>
    public static bool IsOwn(IReadOnlySet<string> names) => Needed.All(names.Contains);

    public bool MakesIds(IReadOnlySet<string> names) => !names.Contains("id");

    public Battle Read(Record record, RowBuilder builder)
    {
        ReadTexts(record, builder);
        return new Battle
        {
            Id = IdOf(record, builder),
            Turns = builder.Zip(),
            ModelA = record.Text("model_a"),
            ModelB = record.Text("model_b"),
            Verdict = record.Winner(),
            SoftLabel = SoftLabel(record, builder),
            Language = record.Text("language"),
            Timestamp = record.Time("tstamp"),
            Annotators = ListOf(record, "annotators"),
            AnnotatorIds = ListOf(record, "annotator_ids") ?? OneOf(record, "annotator_ids") ?? OneOf(record, "judge"),
            Tags = ListOf(record, "tags"),
            Source = record.Text("source"),
            License = record.Text("license"),
        };
    }

    private static string[]? ListOf(Record record, string name) =>
        record.List(name) is { } items ? [.. items.Select(item => item is null ? "" : Record.TextOf(item) ?? "")] : null;

    private static string[]? OneOf(Record record, string name) =>
        record[name] is { } value && Record.TextOf(value) is { Length: > 0 } text ? [text] : null;

    private static Preference? SoftLabel(Record record, RowBuilder builder)
    {
        if (record["soft_label"] is null or "")
            return null;
        if (record.List("soft_label") is [double or long, double or long, double or long] and [var a, var b, var tie]
            && new Preference(Record.NumberOf(a), Record.NumberOf(b), Record.NumberOf(tie)) is { IsValid: true } label)
        {
            return label;
        }

        builder.Report("has a \"soft_label\" that is not three probabilities (A, B, tie) that sum to 1");
        return null;
    }

    /// <summary>The id of a row; in a file without ids, one that is made of its texts.</summary>
    public static string IdOf(Record record, RowBuilder builder) => record.Has("id")
        ? record.Text("id") ?? ""
        : ContentKey.Of([.. builder.Prompts, null, .. builder.ResponsesA, null, .. builder.ResponsesB]).ToString();

    private static void ReadTexts(Record record, RowBuilder builder)
    {
        if (record["prompt"] is null or string && record["response_a"] is null or string && record["response_b"] is null or string
            && Needed.All(name => name is "id" || record.Has(name)))
        {
            TextCells.Read(record.Text("prompt"), record.Text("response_a"), record.Text("response_b"), builder);
            return;
        }

        if (record.Has("prompt"))
            record.Texts("prompt", builder.Prompts);
        else
            builder.Prompts.Add(Question(record));
        record.Texts("response_a", builder.ResponsesA);
        record.Texts("response_b", builder.ResponsesB);
    }

    /// <summary>
    /// The prompt of a row without one, in the words of instruction sets: a question or instruction, what the system says before it, and
    /// the input that it is about.
    /// </summary>
    private static string? Question(Record record)
    {
        var question = record.Text(record.FirstOf("question", "instruction"));
        string?[] parts = [record.Text("system"), question, record.Text("input")];
        return Array.TrueForAll(parts, part => part is null)
            ? null
            : string.Join("\n\n", parts.Where(part => !string.IsNullOrEmpty(part)));
    }
}
