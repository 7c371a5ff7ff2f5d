using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>Data for judges, and what judges wrote, in small made-up files with the publisher's columns.</summary>
public sealed class JudgeLayoutTests : IDisposable
{
    private const string Reply = """{"message_id":"ID","role":"assistant","text":"TEXT","lang":"de","rank":RANK,"replies":[MORE]}""";

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"prompt":"p","response_0":"a","response_1":"b","response_0_source":"m1","response_1_source":"m2","better_response_id":1,"safer_response_id":0}""", "m1", Verdict.B)]
    [InlineData("""{"prompt":"p","response_0":"a","response_1":"b","better_response_id":0}""", null, Verdict.A)]
    [InlineData("""{"orig_instruction":"p","orig_response_A":"a","orig_response_B":"b","orig_criteria":"c","orig_preference":"B"}""", null, Verdict.B)]
    [InlineData("""{"question_id":1,"question_body":"p","answer1_body":"a","answer2_body":"b","answer1_model_id":"m1","answer2_model_id":"m2","score":[8.0,9.5]}""", "m1", Verdict.B)]
    [InlineData("""{"question_body":"p","answer1_body":"a","answer2_body":"b","score":[7,7]}""", null, Verdict.Tie)]
    [InlineData("question_body,answer1_body,answer2_body,score\np,a,b,\"[9, 7]\"\n", null, Verdict.A)]
    public void Two_responses_and_a_label(string content, string? modelA, Verdict verdict)
    {
        var battle = Assert.Single(All(content));

        Assert.Equal((new Turn("p", "a", "b"), verdict), (Assert.Single(battle.Turns), battle.Verdict));
        Assert.Equal(modelA, battle.ModelA);
    }

    [Theory]
    [InlineData("""{"prompt":"p","response_0":"a","response_1":"b","better_response_id":2}""", "has the unknown better_response_id 2")]
    [InlineData("""{"question_body":"p","answer1_body":"a","answer2_body":"b","score":[1]}""", "has a \"score\" that is not a list of two numbers")]
    [InlineData("""{"question_id":1,"model":"m","judge":"j","games":[{"score":"A>B"}]}""", "has no two \"games\"")]
    [InlineData("""{"question_id":1,"model":"m","judge":"j","games":[{"score":"A>B"},null]}""", "has a game without a verdict such as A>B")]
    [InlineData("""{"message_tree_id":"t","prompt":"p"}""", "has no \"prompt\" that is a message")]
    public void What_says_nothing_is_reported(string content, string reason) => Assert.Contains(
        reason, Assert.Single(BattleReader.Read(_folder.Write(content), DataFolder.Train)).Problem!.Reason, StringComparison.Ordinal);

    [Fact]
    public void Both_games_of_Arena_Hard_are_battles_with_the_model_on_either_side()
    {
        var battles = All("""{"uid":"q1","category":"hard","judge":"j","model":"m","baseline":"o3","games":[{"score":"A>>B"},{"score":"B<A"}]}""");

        Assert.Equal(
            [("o3", "m", Verdict.A, "q1-m-j-1"), ("m", "o3", Verdict.A, "q1-m-j-2")],
            battles.Select(battle => (battle.ModelA!, battle.ModelB!, battle.Verdict!.Value, battle.Id)));
    }

    [Fact]
    public void The_baseline_of_Arena_Hard_need_not_be_named()
    {
        var set = BattleSet.Load(
            [_folder.Write("""{"question_id":"q1","model":"m","judge":"j","games":[{"score":"A=B"},{"score":"B>A"}]}""")], DataFolder.Train);

        Assert.Equal([Verdict.Tie, Verdict.B], set.Battles.Select(battle => battle.Verdict!.Value));
        Assert.Contains("it is called baseline", set.Notices[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("left", Verdict.A)]
    [InlineData("right", Verdict.B)]
    public void An_export_of_Label_Studio_has_the_votes_of_its_annotators(string selected, Verdict verdict)
    {
        var battle = Assert.Single(All(Task(selected, "answer1")));

        Assert.Equal((new Turn("p", "a", "b"), verdict), (Assert.Single(battle.Turns), battle.Verdict));
        Assert.Equal(("7", 1, "10"), (battle.Id, battle.Annotators!.Count, Assert.Single(battle.AnnotatorIds!)));
    }

    [Theory]
    [InlineData("both", "answer1", "has a pairwise result that selected neither left nor right")]
    [InlineData("left", "reference", "has a \"data\" in which no two names tell the responses")]
    public void An_export_of_Label_Studio_that_says_something_else_is_reported(string selected, string name, string reason) =>
        Assert.Contains(
            reason, Assert.Single(BattleReader.Read(_folder.Write(Task(selected, name)), DataFolder.Train)).Problem!.Reason,
            StringComparison.Ordinal);

    [Fact]
    public void Ranked_replies_of_OpenAssistant_are_battles_about_the_conversation_before_them()
    {
        var followUp = $$"""{"message_id":"u2","role":"prompter","text":"And?","replies":[{{Of("c", "C", "1")}},{{Of("d", "D", "0")}}]}""";
        var battles = All(Tree($"{Of("a", "A", "0", followUp)},{Of("b", "B", "1")},{Of("e", "E", "null")}"));

        Assert.Equal(["a-b", "c-d"], battles.Select(battle => battle.Id));
        Assert.Equal("A", Winner(battles[0]));
        Assert.Equal("D", Winner(battles[1]));
        Assert.Equal(new Turn("Hi", "A", "A"), battles[1].Turns[0]);
        Assert.Equal(("And?", "de"), (battles[1].Turns[1].Prompt, battles[1].Language));
    }

    [Fact]
    public void A_tree_of_more_pairs_than_anybody_needs_is_reported_and_one_without_any_is_not()
    {
        var many = string.Join(',', Enumerable.Range(0, 102).Select(i => Of($"r{i}", "R", "0")));
        var rows = BattleReader.Read(_folder.Write(Tree(many) + "\n" + Tree(Of("a", "A", "0"))), DataFolder.Train).ToList();

        Assert.Contains("at most 5000 are read", Assert.Single(rows).Problem!.Reason, StringComparison.Ordinal);
    }

    private static string Task(string selected, string name) =>
        $$$"""[{"id":7,"data":{"prompt":"p","{{{name}}}":"a","answer2":"b"},"annotations":[{"completed_by":10,"result":[{"type":"pairwise","value":{"selected":"{{{selected}}}"}},{"type":"choices"}]},{"was_cancelled":true,"result":[{"type":"pairwise","value":{"selected":"left"}}]}]}]""";

    private static string Tree(string replies) =>
        $$$"""{"message_tree_id":"t","tree_state":"ready_for_export","prompt":{"role":"prompter","text":"Hi","replies":[{{{replies}}}]}}""";

    private static string Of(string id, string text, string rank, string more = "") => Reply
        .Replace("ID", id, StringComparison.Ordinal).Replace("TEXT", text, StringComparison.Ordinal)
        .Replace("RANK", rank, StringComparison.Ordinal).Replace("MORE", more, StringComparison.Ordinal);

    private static string? Winner(Battle battle) =>
        battle.Verdict == Verdict.A ? battle.Turns[^1].ResponseA : battle.Turns[^1].ResponseB;

    private List<Battle> All(string rows) =>
        BattleReader.Read(_folder.Write(rows), DataFolder.Train).Select(row =>
        {
            Assert.Null(row.Problem);
            return row.Battle!;
        }).ToList();
}
