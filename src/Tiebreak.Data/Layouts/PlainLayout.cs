using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Tables with Tiebreak's own columns: a text is a list with one element per turn, or a plain string for a single turn. The WSDM Cup's CSV
/// and parquet files (<c>winner</c>; <c>scored</c> in test data) are of this kind.
/// </summary>
internal sealed class PlainLayout : IBattleLayout
{
    public IReadOnlyList<string> Columns { get; } =
        [
            "id", "prompt", "response_a", "response_b", "model_a", "model_b", "winner", "language", "tstamp", "annotators", "tags",
            "source", "license", "soft_label",
        ];

    public bool Matches(IReadOnlySet<string> names) =>
        (names.Contains("winner") || names.Contains("scored")) && names.Contains("prompt") && names.Contains("response_a")
        && names.Contains("response_b");

    public bool MakesIds(IReadOnlySet<string> names) => !names.Contains("id");

    public Battle Read(Record record, RowBuilder builder)
    {
        record.Texts("prompt", builder.Prompts);
        record.Texts("response_a", builder.ResponsesA);
        record.Texts("response_b", builder.ResponsesB);
        var id = record.Has("id")
            ? record.Text("id")
            : ContentKey.Of([.. builder.Prompts, null, .. builder.ResponsesA, null, .. builder.ResponsesB]).ToString();
        return new Battle
        {
            Id = id ?? "",
            Turns = builder.Zip(),
            ModelA = record.Text("model_a"),
            ModelB = record.Text("model_b"),
            Verdict = record.Winner(),
            SoftLabel = SoftLabel(record, builder),
            Language = record.Text("language"),
            Timestamp = record.Time("tstamp"),
            Annotators = ListOf(record, "annotators"),
            Tags = ListOf(record, "tags"),
            Source = record.Text("source"),
            License = record.Text("license"),
        };
    }

    private static string[]? ListOf(Record record, string name) =>
        record[name] is List<object?> items ? [.. items.Select(item => item is null ? "" : Record.TextOf(item) ?? "")] : null;

    private static Preference? SoftLabel(Record record, RowBuilder builder)
    {
        if (record["soft_label"] is null or "")
            return null;
        if (record["soft_label"] is List<object?> and [double a, double b, double tie]
            && new Preference(a, b, tie) is { IsValid: true } label)
        {
            return label;
        }

        builder.Report("has a \"soft_label\" that is not three probabilities (A, B, tie) that sum to 1");
        return null;
    }
}
