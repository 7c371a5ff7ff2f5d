using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// The pairwise test set of Auto-J (arXiv 2310.05470): <c>prompt, response 1, response 2, label</c> with 0 = first, 1 = second, 2 = tie.
/// </summary>
internal sealed class AutoJLayout : IBattleLayout
{
    public IReadOnlyList<string> Columns { get; } = ["prompt", "response 1", "response 2", "label"];

    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("prompt") && names.Contains("response 1") && names.Contains("response 2");

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public Battle Read(Record record, RowBuilder builder)
    {
        builder.Prompts.Add(record.NeededText("prompt"));
        builder.ResponsesA.Add(record.NeededText("response 1"));
        builder.ResponsesB.Add(record.NeededText("response 2"));
        return new Battle
        {
            Id = ContentKey.Of(builder.Prompts[0], builder.ResponsesA[0], builder.ResponsesB[0]).ToString(),
            Turns = builder.Zip(),
            Verdict = VerdictOf(record, builder),
            Source = "GAIR-NLP/auto-j",
        };
    }

    private static Verdict? VerdictOf(Record record, RowBuilder builder)
    {
        var label = record.Integer("label");
        if (label is not (null or 0 or 1 or 2))
            builder.Report($"has the unknown label {label}; known are 0, 1 and 2 for a tie");
        return label switch { 0 => Verdict.A, 1 => Verdict.B, 2 => Verdict.Tie, _ => null };
    }
}
