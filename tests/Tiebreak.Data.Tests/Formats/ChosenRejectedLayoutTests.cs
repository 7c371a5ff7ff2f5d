using Tiebreak.Core.Battles;
using Tiebreak.Data.Splitting;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>Sets of chosen and rejected responses in the spellings of the tools that write them.</summary>
public sealed class ChosenRejectedLayoutTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // TRL: explicit and implicit prompt, texts and messages.
    [InlineData("""{"prompt":"The sky is","chosen":" blue.","rejected":" green."}""", "The sky is", " blue.", " green.")]
    [InlineData("""{"chosen":"The sky is blue.","rejected":"The sky is green."}""", "The sky is", " blue.", " green.")]
    [InlineData("""{"chosen":"Blue","rejected":"Green"}""", null, "Blue", "Green")]
    [InlineData("""{"chosen":"same","rejected":"same"}""", null, "same", "same")]
    [InlineData(
        """{"prompt":[{"role":"system","content":"Be brief."},{"role":"user","content":"Why?"}],"chosen":[{"role":"assistant","content":"x"}],"rejected":[{"role":"assistant","content":"y"}]}""",
        "Be brief.\n\nWhy?", "x", "y")]
    [InlineData(
        """{"chosen":[{"role":"user","content":"Why?"},{"role":"assistant","content":"x"}],"rejected":[{"role":"user","content":"Why?"},{"role":"assistant","content":"y"}]}""",
        "Why?", "x", "y")]
    // LLaMA-Factory: Alpaca with input, ShareGPT, and messages of its version 1.
    [InlineData("""{"instruction":"Translate.","input":"Danke","chosen":"Thanks","rejected":"?"}""", "Translate.\n\nDanke", "Thanks", "?")]
    [InlineData("""{"instruction":"Translate.","input":"","chosen":"Thanks","rejected":"?"}""", "Translate.", "Thanks", "?")]
    [InlineData(
        """{"conversations":[{"from":"human","value":"Why?"}],"chosen":{"from":"gpt","value":"x"},"rejected":{"from":"gpt","value":"y"}}""",
        "Why?", "x", "y")]
    [InlineData(
        """{"chosen_messages":[{"role":"user","content":[{"type":"text","value":"Why?"}]},{"role":"assistant","content":[{"type":"text","value":"x"}]}],"rejected_messages":[{"role":"user","content":[{"type":"text","value":"Why?"}]},{"role":"assistant","content":[{"type":"text","value":"y"}]}]}""",
        "Why?", "x", "y")]
    // ms-swift, ColossalChat, and OpenAI's preference tuning.
    [InlineData(
        """{"messages":[{"role":"user","content":"Why?"},{"role":"assistant","content":"x"}],"rejected_response":"y"}""", "Why?", "x", "y")]
    [InlineData(
        """{"context":[{"from":"user","content":"Why?"}],"chosen":[{"from":"assistant","content":"x"}],"rejected":[{"from":"assistant","content":"y"}]}""",
        "Why?", "x", "y")]
    [InlineData(
        """{"input":{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Why?"}],"tools":[]},"preferred_output":[{"role":"assistant","content":"x"}],"non_preferred_output":[{"role":"assistant","content":"y"}]}""",
        "Be brief.\n\nWhy?", "x", "y")]
    // Intel's Orca pairs, and distilabel's version of them.
    [InlineData("""{"system":"","question":"Why?","chosen":"x","rejected":"y"}""", "Why?", "x", "y")]
    [InlineData(
        """{"system":"Be brief.","input":"Why?","chosen":"x","rejected":"y","generations":["x","y"],"rating":[9.0,8.0],"status":"unchanged"}""",
        "Be brief.\n\nWhy?", "x", "y")]
    public void Every_spelling_keeps_prompt_and_responses(string row, string? prompt, string chosen, string rejected)
    {
        var battle = One(row);

        var isChosenA = battle.Verdict == Verdict.A;
        Assert.Equal(
            new Turn(prompt, isChosenA ? chosen : rejected, isChosenA ? rejected : chosen), Assert.Single(battle.Turns));
    }

    [Fact]
    public void History_and_an_explicit_conversation_become_turns()
    {
        var history = One("""{"instruction":"And now?","history":[["Hi","Hello"]],"chosen":"x","rejected":"y"}""");
        var messages = One(
            """{"prompt":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},{"role":"user","content":"And now?"}],"chosen":[{"role":"assistant","content":"x"}],"rejected":[{"role":"assistant","content":"y"}]}""");

        Assert.Equal(messages.Turns, history.Turns);
        Assert.Equal(new Turn("Hi", "Hello", "Hello"), history.Turns[0]);
        Assert.Equal(("And now?", 2), (history.Turns[1].Prompt, history.Turns.Count));
    }

    [Fact]
    public void A_row_without_its_prompt_is_not_taken_for_an_implicit_one()
    {
        Assert.Null(One("""{"prompt":null,"chosen":"The sky is blue.","rejected":"The sky is green."}""").Turns[0].Prompt);
    }

    [Fact]
    public void A_status_of_tie_is_a_tie()
    {
        Assert.Equal(Verdict.Tie, One("""{"input":"p","chosen":"x","rejected":"y","rating":[9,9],"status":"tie"}""").Verdict);
    }

    [Fact]
    public void RewardBench_keeps_its_subset_and_models()
    {
        var battle = One(
            """{"id":30,"prompt":"p","chosen":"x","chosen_model":"m1","rejected":"y","rejected_model":"m2","subset":"alpacaeval-easy"}""");

        Assert.Equal("30", battle.Id);
        Assert.Equal(["alpacaeval-easy"], battle.Tags!);
        Assert.Equal(battle.Verdict == Verdict.A ? ("m1", "m2") : ("m2", "m1"), (battle.ModelA, battle.ModelB));
    }

    [Fact]
    public void RewardBench_2_has_a_battle_for_every_chosen_and_rejected_response()
    {
        var battles = All(
            """{"id":"7","prompt":"Name a colour.","chosen":["red","blue"],"rejected":["dog","cat","cow"],"num_correct":2,"num_incorrect":3,"total_completions":5,"models":["a","b","c","d","e"],"subset":"Ties"}""");

        Assert.Equal(["7-1-1", "7-1-2", "7-1-3", "7-2-1", "7-2-2", "7-2-3"], battles.Select(battle => battle.Id));
        Assert.All(battles, battle => Assert.Equal("Name a colour.", battle.Turns[0].Prompt));
        Assert.Equal(
            ["red-dog", "red-cat", "red-cow", "blue-dog", "blue-cat", "blue-cow"],
            battles.Select(battle => battle.Verdict == Verdict.A
                ? $"{battle.Turns[0].ResponseA}-{battle.Turns[0].ResponseB}"
                : $"{battle.Turns[0].ResponseB}-{battle.Turns[0].ResponseA}"));
        Assert.Equal(("b", "e"), battles[5].Verdict == Verdict.A
            ? (battles[5].ModelA, battles[5].ModelB)
            : (battles[5].ModelB, battles[5].ModelA));
        Assert.All(battles, battle => Assert.Equal(["Ties"], battle.Tags!));
    }

    [Fact]
    public void Styles_of_RM_Bench_make_easy_normal_and_hard_battles()
    {
        var battles = All("""{"id":8,"prompt":"p","chosen":["c1","c2","c3"],"rejected":["r1","r2","r3"]}""");

        Assert.Equal(
            ["normal", "hard", "hard", "easy", "normal", "hard", "easy", "easy", "normal"], battles.Select(battle => battle.Tags!.Single()));
    }

    [Fact]
    public void All_battles_of_a_row_stay_in_one_part_of_a_split()
    {
        var rows = Enumerable.Range(0, 40).Select(i =>
            $$"""{"id":{{i}},"prompt":"question {{i}}","chosen":["c1","c2"],"rejected":["r1","r2"],"models":["a","b","c","d"]}""");
        var battles = All(string.Join('\n', rows));

        var split = BattleSplitter.ByPrompt(battles, [1, 1]);

        Assert.Equal(160, battles.Count);
        Assert.All(split.Parts, part => Assert.All(
            part.GroupBy(battle => battle.Id.Split('-')[0], StringComparer.Ordinal), row => Assert.Equal(4, row.Count())));
    }

    [Fact]
    public void A_row_that_is_kept_out_is_one_problem()
    {
        var rows = BattleReader.Read(
            _folder.Write("""{"id":8,"prompt":"p","chosen":["c1","c2"],"rejected":["r1",2]}"""), DataFolder.Train).ToList();

        Assert.Contains("is neither a text nor a list of texts", Assert.Single(rows).Problem!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_of_more_pairs_than_anybody_needs_is_reported()
    {
        var texts = string.Join(',', Enumerable.Repeat("\"x\"", 100));
        var row = Assert.Single(BattleReader.Read(
            _folder.Write($$"""{"id":8,"prompt":"p","chosen":[{{texts}}],"rejected":[{{texts}}]}"""), DataFolder.Train));

        Assert.Equal("has 100 chosen and 100 rejected responses; at most 5000 pairs of them are read", row.Problem!.Reason);
    }

    private Battle One(string row) => Assert.Single(All(row));

    private List<Battle> All(string rows) =>
        BattleReader.Read(_folder.Write(rows), DataFolder.Train).Select(row =>
        {
            Assert.Null(row.Problem);
            return row.Battle!;
        }).ToList();
}
