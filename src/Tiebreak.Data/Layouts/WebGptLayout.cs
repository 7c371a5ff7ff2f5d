using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// openai/webgpt_comparisons (arXiv 2112.09332): a question, two answers and their scores, which are each other's negatives: the higher
/// one won, and equal ones are a tie.
/// </summary>
internal sealed class WebGptLayout : IBattleLayout
{
    public IReadOnlyList<string> Columns { get; } = ["question", "answer_0", "answer_1", "score_0", "score_1"];

    public bool Matches(IReadOnlySet<string> names) => Columns.All(names.Contains);

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public Battle Read(Record record, RowBuilder builder)
    {
        var question = record["question"] is Dictionary<string, object?> values ? new Record(values, builder) : null;
        builder.Prompts.Add(question is null ? record.Text("question") : question.Text("full_text"));
        builder.ResponsesA.Add(record.NeededText("answer_0"));
        builder.ResponsesB.Add(record.NeededText("answer_1"));
        var (a, b) = (record.Number("score_0"), record.Number("score_1"));
        return new Battle
        {
            Id = ContentKey.Of(builder.Prompts[0], builder.ResponsesA[0], builder.ResponsesB[0]).ToString(),
            Turns = builder.Zip(),
            Verdict = a is null || b is null ? null : a > b ? Verdict.A : a < b ? Verdict.B : Verdict.Tie,
            Tags = question is null ? null : RecordTags.Of(question, "dataset"),
            Source = "openai/webgpt_comparisons",
        };
    }
}
