using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>Small made-up files in the layouts of public sets.</summary>
public sealed class LayoutTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_33k_conversations_of_the_arena()
    {
        var battle = One("""
            {"question_id":"q1","model_a":"m1","model_b":"m2","winner":"tie (bothbad)","judge":"arena_user_1","turn":2,"anony":true,"language":"German","tstamp":1682351591.1322,
            "conversation_a":[{"content":"Hallo","role":"user"},{"content":"Ja?","role":"assistant"},{"content":"Und?","role":"user"},{"content":"a2","role":"assistant"}],
            "conversation_b":[{"content":"Hallo","role":"user"},{"content":"Nein","role":"assistant"},{"content":"Und?","role":"user"},{"content":"","role":"assistant"}],
            "openai_moderation":{"flagged":false},"toxic_chat_tag":{"roberta-large":{"flagged":false}}}
            """);

        Assert.Equal([new Turn("Hallo", "Ja?", "Nein"), new Turn("Und?", "a2", "")], battle.Turns);
        Assert.Equal(
            ("q1", "m1", "m2", Verdict.BothBad, "German"), (battle.Id, battle.ModelA, battle.ModelB, battle.Verdict, battle.Language));
        Assert.Equal("lmsys/chatbot_arena_conversations", battle.Source);
        Assert.Equal(2023, battle.Timestamp!.Value.Year);
    }

    [Theory]
    [InlineData(
        """ "conversation_a":[{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"image","image":"x"}]},{"role":"assistant","content":[{"type":"text","text":"a"}]}],"conversation_b":[{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"image","image":"x"}]},{"role":"assistant","content":"b"}] """)]
    [InlineData(
        """ "full_conversation":[{"user":{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"image"}]},"model_side_a":{"role":"assistant","content":[{"type":"text","text":"a"}]},"model_side_b":{"role":"assistant","content":"b"}}] """)]
    public void The_140k_preferences_of_the_arena(string conversation)
    {
        var battle = One(
            $$"""{"id":"7","model_a":"m1","model_b":"m2","winner":"both_bad","evaluation_session_id":"s","language":"en","timestamp":"2025-06-01 10:00:00",{{conversation}}}""");

        Assert.Equal([new Turn("Hi\n[image]", "a", "b")], battle.Turns);
        Assert.Equal((Verdict.BothBad, "lmarena-ai/arena-human-preference-140k"), (battle.Verdict, battle.Source));
        Assert.Equal(new DateTimeOffset(2025, 6, 1, 10, 0, 0, TimeSpan.Zero), battle.Timestamp);
    }

    [Fact]
    public void Judgments_of_mt_bench_are_cut_at_the_turn_that_was_judged()
    {
        const string Row = """
            {"question_id":81,"model_a":"m1","model_b":"m2","winner":"model_b","judge":"author_1","turn":TURN,
            "conversation_a":[{"content":"p1","role":"user"},{"content":"a1","role":"assistant"},{"content":"p2","role":"user"},{"content":"a2","role":"assistant"}],
            "conversation_b":[{"content":"p1","role":"user"},{"content":"b1","role":"assistant"},{"content":"p2","role":"user"},{"content":"b2","role":"assistant"}]}
            """;

        Assert.Equal([new Turn("p1", "a1", "b1")], One(Row.Replace("TURN", "1", StringComparison.Ordinal)).Turns);
        Assert.Equal(
            [new Turn("p1", "a1", "b1"), new Turn("p2", "a2", "b2")], One(Row.Replace("TURN", "2", StringComparison.Ordinal)).Turns);
        Assert.Equal("81-m1-m2-author_1-1", One(Row.Replace("TURN", "1", StringComparison.Ordinal)).Id);
        Assert.Equal(Verdict.Tie, One(Row.Replace("TURN", "1", StringComparison.Ordinal).Replace(
            "model_b\",\"judge", "tie (inconsistent)\",\"judge", StringComparison.Ordinal)).Verdict);
    }

    [Theory]
    [InlineData(
        """{"chosen":"\n\nHuman: p1\n\nAssistant: x\n\nHuman: p2\n\nAssistant: good","rejected":"\n\nHuman: p1\n\nAssistant: x\n\nHuman: p2\n\nAssistant: bad"}""")]
    [InlineData(
        """{"prompt":"p2","chosen":[{"role":"user","content":"p1"},{"role":"assistant","content":"x"},{"role":"user","content":"p2"},{"role":"assistant","content":"good"}],"rejected":[{"role":"user","content":"p1"},{"role":"assistant","content":"x"},{"role":"user","content":"p2"},{"role":"assistant","content":"bad"}]}""")]
    [InlineData("""{"prompt":"\n\nHuman: p1\n\nAssistant: x\n\nHuman: p2\n\nAssistant:","chosen":" good","rejected":" bad"}""")]
    public void Chosen_and_rejected_conversations(string row)
    {
        var battle = One(row);

        Assert.Equal(new Turn("p1", "x", "x"), battle.Turns[0]);
        Assert.Equal(battle.Verdict == Verdict.A ? new Turn("p2", "good", "bad") : new Turn("p2", "bad", "good"), battle.Turns[1]);
        Assert.Equal(2, battle.Turns.Count);
    }

    [Theory]
    [InlineData(
        """{"instruction":"p","chosen_response":"good","rejected_response":"bad","chosen_avg_rating":4.5,"rejected_avg_rating":4.5}""",
        true)]
    [InlineData(
        """{"prompt":"p","prompt_id":"h","chosen":[{"role":"assistant","content":"good"}],"rejected":[{"role":"assistant","content":"bad"}],"score_chosen":8,"score_rejected":7.5}""",
        false)]
    [InlineData("""{"id":3,"prompt":"p","chosen":"good","rejected":"bad","chosen_model":"m1","rejected_model":"m2"}""", false)]
    public void Equal_ratings_are_a_tie(string row, bool isTie)
    {
        var battle = One(row);

        Assert.Equal(isTie, battle.Verdict == Verdict.Tie);
        Assert.Contains(battle.Turns[0], new[] { new Turn("p", "good", "bad"), new Turn("p", "bad", "good") });
        Assert.True(battle.ModelA is null || string.Equals(battle.ModelA, "m1", StringComparison.Ordinal) == (battle.Verdict == Verdict.A));
    }

    [Fact]
    public void Sides_depend_on_the_texts_and_the_seed_only()
    {
        var rows = Enumerable.Range(0, 200).Select(i => $$"""{"prompt":"p{{i}}","chosen":"good","rejected":"bad"}""").ToList();
        var forward = Verdicts(rows, seed: 0);

        Assert.Equal(forward, Verdicts(rows.AsEnumerable().Reverse(), seed: 0));
        Assert.NotEqual(forward, Verdicts(rows, seed: 1));
        Assert.InRange(forward.Values.Count(verdict => verdict == Verdict.A), 70, 130);
    }

    [Fact]
    public void Equal_rows_without_ids_are_numbered_and_none_is_lost()
    {
        const string Row = """{"scenario":"s","label":2,"prompt":"p","response 1":"a","response 2":"b"}""";
        var set = BattleSet.Load([_folder.Write($"{Row}\n{Row}\n{Row}\n")], DataFolder.Train);

        Assert.Equal(["", "-2", "-3"], set.Battles.Select(battle => battle.Id[16..]));
        Assert.All(set.Battles, battle => Assert.Equal(Verdict.Tie, battle.Verdict));
    }

    [Theory]
    [InlineData("1,1,2", Verdict.A)]
    [InlineData("0,1,2", Verdict.Tie)]
    [InlineData("2,0,2", Verdict.B)]
    public void Annotators_of_pandalm_vote(string votes, Verdict verdict)
    {
        var v = votes.Split(',');
        var battle = One(
            $$"""[ {"idx":5,"motivation_app":"x","cmp_key":"m-1_m-2","instruction":"do","input":"this","response1":"a","response2":true,"annotator1":{{v[0]}},"annotator2":{{v[1]}},"annotator3":{{v[2]}} } ]""");

        Assert.Equal(new Turn("do\n\nthis", "a", "True"), Assert.Single(battle.Turns));
        Assert.Equal((verdict, "m-1", "m-2", "5"), (battle.Verdict, battle.ModelA, battle.ModelB, battle.Id));
    }

    [Fact]
    public void The_wsdm_cup_has_plain_texts()
    {
        var train = BattleReader.Read(
            _folder.Write("id,prompt,response_a,response_b,winner,model_a,model_b,language\nh1,\"[\"\"p\"\"]\",,\"\",model_b,m1,m2,Thai\n"),
            DataFolder.Train).Single().Battle!;
        var test = BattleReader.Read(_folder.Write("id,prompt,response_a,response_b,scored\nh1,p,a,b,True\n"), DataFolder.Test).Single();

        Assert.Equal(new Turn("[\"p\"]", null, ""), Assert.Single(train.Turns));
        Assert.Equal((Verdict.B, "Thai"), (train.Verdict, train.Language));
        Assert.Equal((null, new Turn("p", "a", "b")), (test.Problem, test.Battle!.Turns[0]));
    }

    [Fact]
    public void Chats_about_one_prompt_become_battles()
    {
        static string Chat(string id, string model, string prompt) =>
            $$"""{"conversation_id":"{{id}}","model":"{{model}}","conversation":[{"role":"user","content":"{{prompt}}"},{"role":"assistant","content":"{{id}} says"}],"turn":1,"language":"English"}""";
        string[] chats = [Chat("c1", "m1", "p"), Chat("c2", "m1", "p"), Chat("c3", "m2", "q"), Chat("c4", "m2", "p")];

        var set = BattleSet.Load([_folder.Write(string.Join('\n', chats))], DataFolder.Test);

        var battle = Assert.Single(set.Battles);
        var partner = battle.Id.Contains("c1", StringComparison.Ordinal) ? "c1" : "c2";
        Assert.Equal(["c4", partner], battle.Id.Split('+').OrderDescending(StringComparer.Ordinal));
        Assert.Contains(
            battle.Turns[0], new[] { new Turn("p", $"{partner} says", "c4 says"), new Turn("p", "c4 says", $"{partner} says") });
        Assert.Equal([partner is "c1" ? "c2" : "c1", "c3"], set.Problems.Select(problem => problem.Id));
        Assert.Equal([partner is "c1" ? 2L : 1L, 3L], set.Problems.Select(problem => problem.Line));
        Assert.Equal(("lmsys/lmsys-chat-1m", "LMSYS-Chat-1M licence agreement"), (battle.Source, battle.License));
        var backwards = BattleSet.Load([_folder.Write(string.Join('\n', chats.Reverse()))], DataFolder.Test).Battles.Single();
        Assert.Equal((battle.Id, battle.Turns[0], battle.ModelA), (backwards.Id, backwards.Turns[0], backwards.ModelA));
    }

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(7)]
    public void Most_of_the_first_rows_tell_the_layout(int blockBytes)
    {
        const string Row = """{"scenario":"s","label":2,"prompt":"p","response 1":"a","response 2":"b"}""";
        const string Other = """{"id":"x","prompt":"p","response_a":"a","response_b":"b","winner":"tie"}""";

        var rows = BattleReader.Read(
            _folder.Write($"{{\"id\":\n{Other}\n{Row}\n{Row}\n{Row}\n"), DataFolder.Train with { BlockBytes = blockBytes }).ToList();

        Assert.Equal([false, false, true, true, true], rows.Select(row => row.Problem is null));
        Assert.Equal("GAIR-NLP/auto-j", rows[4].Battle!.Source);
    }

    private Battle One(string content)
    {
        // Pretty-printed fixtures become one line each; a list may span lines.
        var row = Assert.Single(BattleReader.Read(_folder.Write(content.ReplaceLineEndings("")), DataFolder.Train));
        Assert.Null(row.Problem);
        return row.Battle!;
    }

    private SortedDictionary<string, Verdict> Verdicts(IEnumerable<string> rows, ulong seed) =>
        new(BattleReader.Read(_folder.Write(string.Join('\n', rows)), DataFolder.Train with { SideSeed = seed })
            .ToDictionary(row => row.Battle!.Turns[0].Prompt!, row => row.Battle!.Verdict!.Value, StringComparer.Ordinal),
            StringComparer.Ordinal);
}
