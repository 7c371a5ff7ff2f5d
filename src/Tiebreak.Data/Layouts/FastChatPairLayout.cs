using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Judgments of FastChat's <c>gen_judgment</c> in pairwise mode: a judge was asked in both orders, and where it changed its mind the
/// battle is a tie (arXiv 2306.05685). The texts are in other files of FastChat, so that the battle has none.
/// </summary>
internal sealed class FastChatPairLayout : IBattleLayout
{
    public IReadOnlyList<string> Columns { get; } =
        ["question_id", "model_1", "model_2", "g1_winner", "g2_winner", "judge", "turn", "tstamp"];

    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("model_1") && names.Contains("model_2") && names.Contains("g1_winner") && names.Contains("g2_winner");

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public Battle Read(Record record, RowBuilder builder)
    {
        var (modelA, modelB) = (record.NeededText("model_1"), record.NeededText("model_2"));
        var (first, second) = (WinnerOf(record, "g1_winner", builder), WinnerOf(record, "g2_winner", builder));
        return new Battle
        {
            Id = $"{record.Text("question_id")}-{modelA}-{modelB}-{MtBenchLayout.Judge(record)}-{record.Text("turn")}",
            Turns = [new Turn(Prompt: null, ResponseA: null, ResponseB: null)],
            ModelA = modelA,
            ModelB = modelB,
            Verdict = first is null || second is null ? null : first == second ? first : Verdict.Tie,
            Timestamp = record.Time("tstamp"),
        };
    }

    private static Verdict? WinnerOf(Record record, string game, RowBuilder builder)
    {
        switch (record[game])
        {
            case "model_1": return Verdict.A;
            case "model_2": return Verdict.B;
            case "tie": return Verdict.Tie;
            case "error":
                builder.Report($"has a judgment without a verdict: its \"{game}\" is \"error\"");
                return null;
            default:
                builder.Report($"has a \"{game}\" that is not model_1, model_2, tie or error");
                return null;
        }
    }
}
