using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// The test set of PandaLM (arXiv 2306.05087): instruction and input, two responses, three annotators who say 0 (tie), 1 or 2. The verdict
/// is what most of them said; equal counts are a tie. <c>cmp_key</c> names the models.
/// </summary>
internal sealed class PandaLmLayout : IBattleLayout
{
    private static readonly string[] Annotators = ["annotator1", "annotator2", "annotator3"];

    public string Name => "PandaLM";

    public IReadOnlyList<string> Columns { get; } = ["idx", "cmp_key", "instruction", "input", "response1", "response2", .. Annotators];

    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("instruction") && names.Contains("response1") && names.Contains("response2") && Annotators.Any(names.Contains);

    public bool MakesIds(IReadOnlySet<string> names) => !names.Contains("idx");

    public Battle Read(Record record, RowBuilder builder)
    {
        builder.Prompts.Add(AskedMessages.Instruction(record));
        builder.ResponsesA.Add(record.NeededText("response1"));
        builder.ResponsesB.Add(record.NeededText("response2"));

        var votes = Annotators.Where(name => record[name] is not null).Select(name => VoteOf(record, name, builder)).ToList();
        var models = record.Text("cmp_key")?.Split('_');
        return new Battle
        {
            Id = record.Text("idx") ?? ContentKey.Of(builder.Prompts[0], builder.ResponsesA[0], builder.ResponsesB[0]).ToString(),
            Turns = builder.Zip(),
            ModelA = models is [var modelA, _] ? modelA : null,
            ModelB = models is [_, var modelB] ? modelB : null,
            Verdict = votes.Count == 0 || votes.Contains(null) ? null : AnnotatorVotes.Plurality([.. votes.OfType<Verdict>()]),
            Annotators = votes.Count == 0 ? null : [.. votes.OfType<Verdict>().Select(VerdictText.Format)],
            AnnotatorIds = votes.Count == 0 || votes.Contains(null) ? null : [.. Annotators.Where(name => record[name] is not null)],
            Source = "WeOpenML/PandaLM",
        };
    }

    private static Verdict? VoteOf(Record record, string name, RowBuilder builder)
    {
        Verdict? vote = record.Integer(name) switch { 0 => Verdict.Tie, 1 => Verdict.A, 2 => Verdict.B, _ => null };
        if (vote is null)
            builder.Report($"has an \"{name}\" that is not 0, 1 or 2");
        return vote;
    }
}
