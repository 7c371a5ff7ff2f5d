using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>Sets of two responses with a label, each in small made-up files with the publisher's columns.</summary>
public sealed class ComparisonLayoutTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1", Verdict.A, null)]
    [InlineData("2.0", Verdict.B, null)]
    [InlineData("1.5", Verdict.Tie, null)]
    [InlineData("0", Verdict.Tie, null)]
    [InlineData("1.97", Verdict.B, 0.97)]
    [InlineData("1.25", Verdict.A, 0.25)]
    public void AlpacaEval_has_preferences_from_1_to_2(string preference, Verdict verdict, double? second)
    {
        var battle = One(
            $$"""[{"instruction":"p","output_1":"a","generator_1":"m1","dataset":"koala","output_2":"b","generator_2":"m2","annotator":"j","preference":{{preference}},"raw_completion":null}]""");

        Assert.Equal((new Turn("p", "a", "b"), verdict), (Assert.Single(battle.Turns), battle.Verdict));
        Assert.Equal(("m1", "m2", "koala"), (battle.ModelA, battle.ModelB, battle.Tags!.Single()));
        Assert.Equal(second is null, battle.SoftLabel is null);
        Assert.Equal(second ?? 0, battle.SoftLabel?.B ?? 0, tolerance: 1e-12);
    }

    [Fact]
    public void AlpacaEval_without_a_preference_or_with_an_odd_one_is_reported()
    {
        const string Row = """{"instruction":"p","input":"i","output_1":"a","output_2":"b","preference":P}""";
        var problems = Problems($"{Row.Replace("P", "null", StringComparison.Ordinal)}\n{Row.Replace("P", "3", StringComparison.Ordinal)}");

        Assert.Equal(["has no label, which training needs", "has a \"preference\" that is neither 0 nor from 1 to 2"], problems);
    }

    [Fact]
    public void LLMBar_has_labels_of_1_and_2()
    {
        var battle = One("""[{"input":"p","output_1":"a","output_2":"b","label":2}]""");

        Assert.Equal((new Turn("p", "a", "b"), Verdict.B), (Assert.Single(battle.Turns), battle.Verdict));
        Assert.Equal("princeton-nlp/LLMBar", battle.Source);
    }

    [Theory]
    [InlineData("model_1", "model_1", Verdict.A)]
    [InlineData("model_2", "model_2", Verdict.B)]
    [InlineData("tie", "tie", Verdict.Tie)]
    [InlineData("model_1", "model_2", Verdict.Tie)]
    [InlineData("model_1", "tie", Verdict.Tie)]
    public void Judgments_of_FastChat_that_disagree_are_ties(string first, string second, Verdict verdict)
    {
        var battle = One(
            $$"""{"question_id":81,"model_1":"m1","model_2":"m2","g1_winner":"{{first}}","g2_winner":"{{second}}","judge":["gpt-4","pair-v2"],"turn":1,"tstamp":1717965398.0}""");

        Assert.Equal((verdict, "m1", "m2", "81-m1-m2-gpt-4_pair-v2-1"), (battle.Verdict, battle.ModelA, battle.ModelB, battle.Id));
        Assert.Equal(2024, battle.Timestamp!.Value.Year);
    }

    [Fact]
    public void A_judgment_of_FastChat_that_failed_is_no_tie()
    {
        Assert.Equal(
            ["has a judgment without a verdict: its \"g2_winner\" is \"error\""],
            Problems("""{"question_id":85,"model_1":"m1","model_2":"m2","g1_winner":"model_1","g2_winner":"error","judge":"j","turn":1}"""));
    }

    [Fact]
    public void The_log_of_a_FastChat_server_gives_its_votes_and_passes_over_chats()
    {
        static string State(string model, string answer) =>
            $$"""{"template_name":"t","roles":["USER","ASSISTANT"],"messages":[["USER","example"],["ASSISTANT","x"],["USER","Hello"],["ASSISTANT","{{answer}}"]],"offset":2,"conv_id":"c-{{model}}","model_name":"{{model}}"}""";
        static string Vote(string type, string models) =>
            $$"""{"tstamp":1750938195.5,"type":"{{type}}","models":{{models}},"states":[{{State("m1", "Hi")}},{{State("m2", "Hey")}}],"ip":"10.0.0.0"}""";
        const string Hidden = "[\"\",\"\"]";

        var battles = All(string.Join('\n',
            """{"tstamp":1.5,"type":"chat","model":"m1","state":{"messages":[]},"ip":"10.0.0.0"}""",
            """{"tstamp":1.5,"type":"upvote","model":"m1","state":{"messages":[]},"ip":"10.0.0.0"}""",
            Vote("leftvote", Hidden), Vote("rightvote", Hidden), Vote("tievote", Hidden),
            Vote("bothbad_vote", "[\"m1\",\"m2\"]")));

        Assert.Equal([Verdict.A, Verdict.B, Verdict.Tie, Verdict.BothBad], battles.Select(battle => battle.Verdict!.Value));
        Assert.All(battles, battle => Assert.Equal(
            (new Turn("Hello", "Hi", "Hey"), "m1", "m2"), (Assert.Single(battle.Turns), battle.ModelA, battle.ModelB)));
        Assert.Equal(["c-m1-c-m2", "c-m1-c-m2-2", "c-m1-c-m2-3", "c-m1-c-m2-4"], battles.Select(battle => battle.Id));
        Assert.Equal(["anonymous", "anonymous", "anonymous", "named"], battles.Select(battle => battle.Tags!.Single()));
    }

    [Theory]
    [InlineData("\"chosen_model_name\":\"m1\",\"both_equal\":false", Verdict.A)]
    [InlineData("\"chosen_model_name\":\"m2\",\"both_equal\":null", Verdict.B)]
    [InlineData("\"chosen_model_name\":null,\"both_equal\":true", Verdict.Tie)]
    public void Votes_of_comparia_name_the_model(string vote, Verdict verdict)
    {
        var battle = One(Comparia(vote));

        Assert.Equal((new Turn("Bonjour", "a", "b"), verdict), (Assert.Single(battle.Turns), battle.Verdict));
        Assert.Equal(("7", "m1", "m2", "fr"), (battle.Id, battle.ModelA, battle.ModelB, battle.Language));
        Assert.Equal(["Arts", "Education"], battle.Tags!);
        Assert.Equal("ministere-culture/comparia-votes", battle.Source);
    }

    [Fact]
    public void A_vote_of_comparia_for_neither_model_is_reported()
    {
        Assert.Equal(
            ["has the \"chosen_model_name\" \"m3\", which is neither side's model"], Problems(Comparia("\"chosen_model_name\":\"m3\"")));
    }

    [Fact]
    public void Conversations_of_comparia_have_no_vote()
    {
        var battle = Assert.Single(BattleReader.Read(
            _folder.Write(Comparia("\"conv_turns\":1")), DataFolder.Train with { Purpose = BattlePurpose.Explore })).Battle!;

        Assert.Equal((null, "ministere-culture/comparia-conversations"), (battle.Verdict, battle.Source));
    }

    [Fact]
    public void HelpSteer3_keeps_its_annotators()
    {
        var battle = One(
            """{"domain":"code","language":"python","context":[{"role":"user","content":"p1"},{"role":"assistant","content":"x"},{"role":"user","content":"p2"}],"response1":"a","response2":"b","overall_preference":-1,"individual_preference":[{"score":-2,"reasoning":"r"},{"score":1,"reasoning":"r"},{"score":-1,"reasoning":"r"},{"score":0,"reasoning":"r"}]}""");

        Assert.Equal([new Turn("p1", "x", "x"), new Turn("p2", "a", "b")], battle.Turns);
        Assert.Equal((Verdict.A, "python"), (battle.Verdict, battle.Language));
        Assert.Equal(["model_a (2)", "model_b (1)", "model_a (1)", "tie"], battle.Annotators!);
        Assert.Equal(new Preference(0.5, 0.25, 0.25), battle.SoftLabel);
        Assert.Equal(["code"], battle.Tags!);
    }

    [Fact]
    public void HelpSteer2_marks_turns_inside_its_prompt_and_pairs_in_which_neither_is_valid()
    {
        var battle = One(
            """{"split":"train","prompt":"p1\n<extra_id_1>Assistant\nx\n<extra_id_1>User\np2","response_1":"a","response_2":"b","preference_strength":2,"preference_statement":"s","all_preferences_unprocessed":[{"strength":3,"justification":"j"},{"strength":-100,"justification":"j"}]}""");

        Assert.Equal([new Turn("p1\n", "x\n", "x\n"), new Turn("p2", "a", "b")], battle.Turns);
        Assert.Equal(Verdict.B, battle.Verdict);
        Assert.Equal(["model_b (3)", "tie (bothbad)"], battle.Annotators!);
        Assert.Equal(new Preference(0, 0.5, 0.5), battle.SoftLabel);
    }

    [Fact]
    public void MultiPref_has_crowd_workers_and_experts()
    {
        var battle = One(
            """{"comparison_id":"c1","prompt_id":"p","text":"p","model_a":"m1","model_b":"m2","completion_a":"a","completion_b":"b","category":"Brainstorm","subject_of_study":null,"normal_worker_annotations":[{"evaluator":"1","overall_pref":"A-is-clearly-better"},{"evaluator":"2","overall_pref":"Tie"}],"expert_worker_annotations":[{"evaluator":"3","overall_pref":"A-is-slightly-better"},{"evaluator":"4","overall_pref":"B-is-clearly-better"}]}""");

        Assert.Equal((Verdict.A, "c1", "m1"), (battle.Verdict, battle.Id, battle.ModelA));
        Assert.Equal(["model_a (2)", "tie", "model_a (1)", "model_b (2)"], battle.Annotators!);
        Assert.Equal(["1", "2", "3", "4"], battle.AnnotatorIds!);
        Assert.Equal(new Preference(0.5, 0.25, 0.25), battle.SoftLabel);
        Assert.Equal(["Brainstorm"], battle.Tags!);
    }

    [Fact]
    public void Human_preferences_of_PPE()
    {
        var battle = One(
            """{"question_id":"q","prompt":"p","response_1":"a","response_2":"b","model_a":"m1","model_b":"m2","winner":"tie (bothbad)","language":"English","hard_prompt":true,"math_prompt":false}""");

        Assert.Equal((new Turn("p", "a", "b"), Verdict.BothBad, "q"), (Assert.Single(battle.Turns), battle.Verdict, battle.Id));
        Assert.Equal(["hard_prompt"], battle.Tags!);
    }

    [Fact]
    public void Correctness_sets_of_PPE_name_their_pairs()
    {
        var battles = All(
            """{"question_id":"q","prompt":"p","model_name":"m","response_1":"right","response_2":"wrong","response_3":"right too","scores":[true,false,true],"sampled_conflict_pairs":[[0,1],[1,2]]}""");

        Assert.Equal([("q-0-1", Verdict.A), ("q-1-2", Verdict.B)], battles.Select(battle => (battle.Id, battle.Verdict!.Value)));
        Assert.Equal(new Turn("p", "wrong", "right too"), battles[1].Turns[0]);
    }

    [Theory]
    [InlineData("[[0,9]]")]
    [InlineData("[[0]]")]
    [InlineData("[[-1,0]]")]
    [InlineData("[[0,200]]")]
    public void A_pair_of_PPE_that_names_no_responses_is_reported(string pairs)
    {
        Assert.Equal(
            ["has a pair that does not name two responses with scores"],
            Problems($$"""{"question_id":"q","prompt":"p","response_1":"a","response_2":"b","scores":[1,0],"sampled_conflict_pairs":{{pairs}}}"""));
    }

    [Fact]
    public void JudgeBench_says_which_is_greater()
    {
        var battle = One(
            """{"pair_id":"7","original_id":1,"source":"mmlu-pro-law","question":"p","response_model":"m","response_A":"a","response_B":"b","label":"B>A"}""");

        Assert.Equal((new Turn("p", "a", "b"), Verdict.B, "7"), (Assert.Single(battle.Turns), battle.Verdict, battle.Id));
        Assert.Equal(["mmlu-pro-law"], battle.Tags!);
        Assert.Equal(
            ["has the unknown label \"A\"; known are A>B, B>A and A=B"],
            Problems("""{"question":"p","response_A":"a","response_B":"b","label":"A"}"""));
    }

    [Theory]
    [InlineData(1, Verdict.A)]
    [InlineData(0, Verdict.B)]
    public void SHP_labels_say_whether_A_was_preferred(int label, Verdict verdict)
    {
        var battle = One(
            $$"""{"post_id":"x1","domain":"askculinary_train","history":"p","c_root_id_A":"c1","c_root_id_B":"c2","score_A":5,"score_B":9,"human_ref_A":"a","human_ref_B":"b","labels":{{label}},"seconds_difference":3.0}""");

        Assert.Equal((new Turn("p", "a", "b"), verdict, "x1-c1-c2"), (Assert.Single(battle.Turns), battle.Verdict, battle.Id));
    }

    [Theory]
    [InlineData("\"post\":\"text\",\"title\":\"Title\",\"subreddit\":\"AskDocs\"", "Title\n\ntext")]
    [InlineData("\"post\":null,\"title\":null,\"article\":\"news\",\"site\":\"cnn\"", "news")]
    public void Comparisons_of_summaries(string info, string prompt)
    {
        var battle = One(
            $$$"""{"info":{"id":"t3",{{{info}}}},"split":"train","summaries":[{"text":" a","policy":"sup4_6b","note":"n"},{"text":" b","policy":"ref","note":null}],"choice":1,"worker":"w","batch":"1","extra":{"confidence":null}}""");

        Assert.Equal((new Turn(prompt, " a", " b"), Verdict.B), (Assert.Single(battle.Turns), battle.Verdict));
        Assert.Equal(("t3-sup4_6b-ref-w", "sup4_6b", "ref"), (battle.Id, battle.ModelA, battle.ModelB));
    }

    [Theory]
    [InlineData("1.0", "-1.0", Verdict.A)]
    [InlineData("-0.5", "0.5", Verdict.B)]
    [InlineData("0", "0", Verdict.Tie)]
    public void Comparisons_of_WebGPT_have_scores(string first, string second, Verdict verdict)
    {
        var battle = One(
            $$"""{"question":{"dataset":"eli5","id":"q","full_text":"p"},"quotes_0":{"title":[],"extract":[]},"answer_0":"a","score_0":{{first}},"quotes_1":{"title":[],"extract":[]},"answer_1":"b","score_1":{{second}}}""");

        Assert.Equal((new Turn("p", "a", "b"), verdict), (Assert.Single(battle.Turns), battle.Verdict));
        Assert.Equal(["eli5"], battle.Tags!);
    }

    [Fact]
    public void An_id_that_no_double_holds_stays_as_it_is()
    {
        Assert.Equal(
            "9007199254740993", One("""{"pair_id":9007199254740993,"question":"p","response_A":"a","response_B":"b","label":"A>B"}""").Id);
    }

    [Fact]
    public void Tags_of_the_arena_are_what_its_classifiers_found()
    {
        const string Chat = """[{"role":"user","content":"p"},{"role":"assistant","content":"a"}]""";
        var battle = One(
            $$$"""{"id":"1","model_a":"m1","model_b":"m2","winner":"model_a","conversation_a":{{{Chat}}},"conversation_b":{{{Chat}}},"is_code":true,"category_tag":{"creative_writing_v0.1":{"creative_writing":false,"score":"no"},"criteria_v0.1":{"complexity":true,"specificity":false,"real_world":true},"math_v0.1":{"math":true}},"occupational_tags":{"mathematical":true,"travel":false}}""");

        Assert.Equal(["complexity", "real_world", "math", "mathematical", "is_code"], battle.Tags!);
    }

    [Fact]
    public void Search_battles_of_the_arena_have_messages_instead_of_conversations()
    {
        var battle = One(
            """{"model_a":"m1","model_b":"m2","winner":"tie","turn":1,"messages_a":[{"role":"user","content":"p"},{"role":"assistant","content":"a"}],"messages_b":[{"role":"user","content":"p"},{"role":"assistant","content":"b"}],"primary_intent":"Factual Lookup","timestamp":"2025-04-01"}""");

        Assert.Equal(new Turn("p", "a", "b"), Assert.Single(battle.Turns));
        Assert.Equal(["Factual Lookup"], battle.Tags!);
    }

    [Fact]
    public void Tags_annotators_and_soft_labels_survive_every_written_form()
    {
        var battle = new Battle
        {
            Id = "1",
            Turns = [new Turn("p", "a", "b")],
            SoftLabel = new Preference(0.5, 0.25, 0.25),
            Annotators = ["model_a", "tie"],
            AnnotatorIds = ["ann", ""],
            Tags = ["math", "code, long"],
        };
        BattleWriter.WriteJsonl(_folder["battles.jsonl"], [battle]);
        BattleWriter.WriteParquet(_folder["battles.parquet"], [battle]);

        foreach (var file in new[] { "battles.jsonl", "battles.parquet" })
        {
            var read = Assert.Single(BattleReader.Read(_folder[file], DataFolder.Train)).Battle!;
            Assert.Equal(battle.Tags, read.Tags!);
            Assert.Equal(battle.Annotators, read.Annotators!);
            Assert.Equal(battle.AnnotatorIds, read.AnnotatorIds!);
            Assert.Equal(battle.SoftLabel, read.SoftLabel);
        }
    }

    private static string Comparia(string vote) =>
        $$"""{"id":7,"timestamp":"2025-01-05T10:00:00","model_a_name":"m1","model_b_name":"m2",{{vote}},"conversation_a":[{"role":"user","content":"Bonjour"},{"role":"assistant","content":"a"}],"conversation_b":[{"role":"user","content":"Bonjour"},{"role":"assistant","content":"b"}],"conversation_pair_id":"c1-c2","languages":["fr"],"categories":["Arts","Education"]}""";

    private Battle One(string row) => Assert.Single(All(row));

    private List<Battle> All(string rows) =>
        BattleReader.Read(_folder.Write(rows), DataFolder.Train).Select(row =>
        {
            Assert.Null(row.Problem);
            return row.Battle!;
        }).ToList();

    private List<string> Problems(string rows) =>
        [.. BattleReader.Read(_folder.Write(rows), DataFolder.Train).Select(row => row.Problem!.Reason)];
}
