using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// JudgeLM (arXiv 2310.17631): a question, two answers and a list of their two scores; the higher one won, and equal ones are a tie.
/// </summary>
internal sealed class JudgeLmLayout : IBattleLayout
{
    public string Name => "JudgeLM";

    public IReadOnlyList<string> Columns { get; } =
        ["question_id", "question_body", "answer1_body", "answer2_body", "answer1_model_id", "answer2_model_id", "score"];

    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("question_body") && names.Contains("answer1_body") && names.Contains("answer2_body");

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public Battle Read(Record record, RowBuilder builder)
    {
        builder.Prompts.Add(record.NeededText("question_body"));
        builder.ResponsesA.Add(record.NeededText("answer1_body"));
        builder.ResponsesB.Add(record.NeededText("answer2_body"));
        return new Battle
        {
            Id = record.Text("question_id")
                ?? ContentKey.Of(builder.Prompts[0], builder.ResponsesA[0], builder.ResponsesB[0]).ToString(),
            Turns = builder.Zip(),
            ModelA = record.Text("answer1_model_id"),
            ModelB = record.Text("answer2_model_id"),
            Verdict = VerdictOf(record, builder),
            Source = "BAAI/JudgeLM-100K",
        };
    }

    private static Verdict? VerdictOf(Record record, RowBuilder builder)
    {
        if (record["score"] is null)
            return null;
        if (record.List("score") is [long or double, long or double] and [var first, var second])
        {
            var (a, b) = (Record.NumberOf(first), Record.NumberOf(second));
            return a > b ? Verdict.A : a < b ? Verdict.B : Verdict.Tie;
        }

        builder.Report("has a \"score\" that is not a list of two numbers");
        return null;
    }
}
