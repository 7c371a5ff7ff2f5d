using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// stanfordnlp/SHP and SHP-2: a post of Reddit or Stack Exchange and two comments on it; <c>labels</c> is 1 where readers preferred A, and
/// 0 where they preferred B.
/// </summary>
internal sealed class ShpLayout : IBattleLayout
{
    public IReadOnlyList<string> Columns { get; } =
        ["post_id", "domain", "history", "c_root_id_A", "c_root_id_B", "human_ref_A", "human_ref_B", "labels"];

    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("history") && names.Contains("human_ref_A") && names.Contains("human_ref_B");

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public Battle Read(Record record, RowBuilder builder)
    {
        builder.Prompts.Add(record.NeededText("history"));
        builder.ResponsesA.Add(record.NeededText("human_ref_A"));
        builder.ResponsesB.Add(record.NeededText("human_ref_B"));
        var label = record.Integer("labels");
        if (label is not (null or 0 or 1))
            builder.Report($"has the unknown label {label}; known are 1 for A and 0 for B");
        return new Battle
        {
            Id = record.Text("post_id") is { } post
                ? $"{post}-{record.Text("c_root_id_A")}-{record.Text("c_root_id_B")}"
                : ContentKey.Of(builder.Prompts[0], builder.ResponsesA[0], builder.ResponsesB[0]).ToString(),
            Turns = builder.Zip(),
            Verdict = label switch { 1 => Verdict.A, 0 => Verdict.B, _ => null },
            Tags = RecordTags.Of(record, "domain"),
            Source = "stanfordnlp/SHP",
        };
    }
}
