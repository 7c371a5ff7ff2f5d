using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>JudgeBench (arXiv 2410.12784): two responses of one model, of which one is right; the label is "A&gt;B" or "B&gt;A".</summary>
internal sealed class JudgeBenchLayout : IBattleLayout
{
    public IReadOnlyList<string> Columns { get; } =
        ["pair_id", "source", "question", "response_model", "response_A", "response_B", "label"];

    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("question") && names.Contains("response_A") && names.Contains("response_B") && names.Contains("label");

    public bool MakesIds(IReadOnlySet<string> names) => !names.Contains("pair_id");

    public Battle Read(Record record, RowBuilder builder)
    {
        builder.Prompts.Add(record.NeededText("question"));
        builder.ResponsesA.Add(record.NeededText("response_A"));
        builder.ResponsesB.Add(record.NeededText("response_B"));
        var model = record.Text("response_model");
        return new Battle
        {
            Id = record.Text("pair_id") ?? ContentKey.Of(builder.Prompts[0], builder.ResponsesA[0], builder.ResponsesB[0]).ToString(),
            Turns = builder.Zip(),
            ModelA = model,
            ModelB = model,
            Verdict = VerdictOf(record.Text("label"), builder),
            Tags = RecordTags.Of(record, "source"),
            Source = "ScalerLab/JudgeBench",
        };
    }

    private static Verdict? VerdictOf(string? label, RowBuilder builder)
    {
        switch (label)
        {
            case null or "": return null;
            case "A>B": return Verdict.A;
            case "B>A": return Verdict.B;
            case "A=B": return Verdict.Tie;
            default:
                builder.Report($"has the unknown label \"{label}\"; known are A>B, B>A and A=B");
                return null;
        }
    }
}
