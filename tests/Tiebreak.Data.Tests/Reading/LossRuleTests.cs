using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Tests.Reading;

/// <summary>When so much is lost that work with the rest would mislead, and what a file of no known layout is answered.</summary>
public sealed class LossRuleTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void More_than_a_fifth_of_the_rows_is_too_much()
    {
        LossRule.ThrowIfTooMuch(100, Problems(20, "has no turn"));

        var refusal = Assert.Throws<InputException>(() => LossRule.ThrowIfTooMuch(100, Problems(21, "has no turn")));
        Assert.Equal(ErrorCodes.DataLost, refusal.Code);
        Assert.Contains("21 of 100 rows cannot be used. 21 like f, line 0: the row has no turn.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("accept-loss", refusal.Parameters);
    }

    [Fact]
    public void A_class_of_verdicts_is_too_much_and_a_slip_is_not()
    {
        LossRule.ThrowIfTooMuch(1000, Unknown(9, "modle_a"));

        var refusal = Assert.Throws<InputException>(() => LossRule.ThrowIfTooMuch(1000, [.. Unknown(10, "X"), .. Unknown(30, "Y")]));
        Assert.Contains("\"Y\" in 30 of 1,000 rows, \"X\" in 10 of 1,000 rows", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("`winner` Y=WINNER,X=WINNER.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_loses_no_row_does_not_count() =>
        LossRule.ThrowIfTooMuch(10, [.. Problems(9, "has the id of line 1").Select(problem => problem with { LosesRow = false })]);

    [Fact]
    public void Battles_without_any_response_are_too_little()
    {
        LossRule.ThrowIfNoTexts([BattleGen.Battle("1", "p", a: null, b: null), BattleGen.Battle("2", "p", "a", b: null)]);
        Assert.Throws<InputException>(() => LossRule.ThrowIfNoTexts([BattleGen.Battle("1", "p", a: null, " ")]));
    }

    [Fact]
    public void Problems_of_one_kind_are_counted_together()
    {
        RowProblem[] problems =
        [
            new("f", 1, "a", "has the weight \"-1\", which is no number"), new("f", 2, "b", "has no winner"),
            new("f", 3, "c", "has the weight \"-22\", which is no number"), new("g", 3, "c", "has the weight \"-22\", which is no number"),
        ];

        Assert.Equal([2, 1, 1], LossRule.Grouped(problems).Select(kind => kind.Count()));
    }

    [Fact]
    public void Where_no_row_has_a_label_the_unread_columns_are_named()
    {
        var path = _folder.Write("""{"id":"1","prompt":"p","response_a":"a","response_b":"b","consensus_preference":"A","domain":"x"}""");

        var message = Assert.Throws<InputException>(() => BattleSet.Load([path], DataFolder.Train)).Message;
        Assert.Contains("\"consensus_preference\", \"domain\"", message, StringComparison.Ordinal);
        Assert.EndsWith("`columns` winner=consensus_preference", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "question,answer_1,answer_2,model_left,model_right,better\n1,2,3,4,5,6\n",
        "its columns are \"question\", \"answer_1\", \"answer_2\"",
        "`columns` prompt=question,response_a=answer_1,response_b=answer_2,winner=better")]
    [InlineData(
        """{"prompt":"p","output_a":"a","output_b":"b","annotator1":1}""",
        "its keys are \"prompt\", \"output_a\", \"output_b\", \"annotator1\"",
        "`columns` prompt=prompt,response_a=output_a,response_b=output_b,winner=NAME")]
    [InlineData(
        """{"prompt":"p","response 1":"a","label":1}""",
        "Nearest is AutoJ (has \"prompt\", \"response 1\", \"label\" too).",
        "winner=label")]
    [InlineData(
        """{"question_id":1,"answer_0":"a","answer_1":"b","choice":0}""",
        "its keys are \"question_id\"",
        "`columns` prompt=NAME,response_a=answer_0,response_b=answer_1,winner=choice")]
    [InlineData(
        """{"query":"q","chosen_answer":"a","rejected_answer":"b"}""",
        "its keys are \"query\"",
        "`columns` prompt=query,chosen=chosen_answer,rejected=rejected_answer")]
    public void A_layout_that_nobody_knows_is_answered_with_the_mapping_to_write(string content, string found, string mapping)
    {
        var message = Assert.Throws<InputException>(() => BattleReader.Read(_folder.Write(content), DataFolder.Train).Count()).Message;

        Assert.Contains(found, message, StringComparison.Ordinal);
        Assert.Contains(mapping, message, StringComparison.Ordinal);
    }

    private static IEnumerable<RowProblem> Lines(int count, string reason) =>
        Enumerable.Range(0, count).Select(line => new RowProblem("f", line, Id: null, reason));

    private static RowProblem[] Problems(int count, string reason) => [.. Lines(count, reason)];

    private static RowProblem[] Unknown(int count, string word) =>
        [.. Lines(count, VerdictText.Unknown(word)).Select(problem => problem with { UnknownWinner = word })];
}
