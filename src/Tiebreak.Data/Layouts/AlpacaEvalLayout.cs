using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Annotations of AlpacaEval (arXiv 2404.04475) and AlpacaFarm: two outputs and a <c>preference</c> of 1 or 2; 0 and 1.5 are ties, and
/// what lies between, of judges that weigh their tokens, is one more than the probability of the second output. LLMBar (arXiv 2310.07641)
/// calls it <c>label</c>, and the instruction <c>input</c>.
/// </summary>
internal sealed class AlpacaEvalLayout : IBattleLayout
{
    public IReadOnlyList<string> Columns { get; } =
        ["instruction", "input", "output_1", "output_2", "generator_1", "generator_2", "annotator", "preference", "label", "dataset"];

    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("output_1") && names.Contains("output_2") && (names.Contains("instruction") || names.Contains("input"));

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public Battle Read(Record record, RowBuilder builder)
    {
        builder.Prompts.Add(record.Has("instruction") ? AskedMessages.Instruction(record) : record.Text("input"));
        builder.ResponsesA.Add(record.NeededText("output_1"));
        builder.ResponsesB.Add(record.NeededText("output_2"));
        var (modelA, modelB) = (record.Text("generator_1"), record.Text("generator_2"));
        var label = Label(record, builder);
        return new Battle
        {
            Id = ContentKey.Of(
                builder.Prompts[0], builder.ResponsesA[0], builder.ResponsesB[0], modelA, modelB, record.Text("annotator")).ToString(),
            Turns = builder.Zip(),
            ModelA = modelA,
            ModelB = modelB,
            Verdict = label switch { null => null, { A: > 0.5 } => Verdict.A, { B: > 0.5 } => Verdict.B, _ => Verdict.Tie },
            SoftLabel = label is { A: > 0 and < 1 } ? label : null,
            Tags = RecordTags.Of(record, "dataset"),
            Source = record.Has("label") ? "princeton-nlp/LLMBar" : "tatsu-lab/alpaca_eval",
        };
    }

    private static Preference? Label(Record record, RowBuilder builder)
    {
        var name = record.FirstOf("preference", "label");
        switch (record.Number(name))
        {
            case null:
                return null;
            case 0 or 1.5:
                return Preference.Certain(Outcome.Tie);
            case >= 1 and <= 2 and { } preference:
                return new Preference(2 - preference, preference - 1, 0);
            default:
                builder.Report($"has a \"{name}\" that is neither 0 nor from 1 to 2");
                return null;
        }
    }
}
