using System.Text;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Votes;

namespace Tiebreak.Data.Tests.Reading;

/// <summary>Files that call columns and winners by other names.</summary>
public sealed class MappingTests : IDisposable
{
    private static readonly BattleReadOptions Mapped = DataFolder.Train with
    {
        Mapping = BattleMapping.Of(
            [("id", "nr"), ("prompt", "frage"), ("response_a", "links"), ("response_b", "rechts"), ("winner", "besser")],
            [("L", "model_a"), ("R", "model_b"), ("=", "tie")]),
    };

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("nr,frage,links,rechts,besser\n7,f,l,r,R\n")]
    [InlineData("rechts;besser;nr;links;frage\nr;R;7;l;f\n")]
    [InlineData("""{"nr":7,"frage":"f","links":"l","rechts":"r","besser":"R"}""")]
    [InlineData("""[{"besser":"R","rechts":["r"],"links":["l"],"frage":["f"],"nr":"7"}]""")]
    public void Columns_and_winners_are_what_the_user_says(string content)
    {
        var battle = Assert.Single(BattleSet.Load([_folder.Write(content)], Mapped).Battles);

        Assert.Equal(("7", new Turn("f", "l", "r"), Verdict.B), (battle.Id, battle.Turns[0], battle.Verdict));
    }

    [Theory]
    [InlineData("label", null)]
    [InlineData("Winner", Verdict.A)]
    [InlineData("score_a", Verdict.A)]
    public void A_number_in_a_column_that_the_user_has_named_must_be_said(string column, Verdict? verdict)
    {
        var path = _folder.Write($"id,prompt,response_1,response_2,{column}\n7,p,a,b,1\n");
        var options = DataFolder.Train with
        {
            Purpose = BattlePurpose.Explore,
            Mapping = BattleMapping.Of([("winner", column), ("response_a", "response_1"), ("response_b", "response_2")], []),
        };
        var row = Assert.Single(BattleReader.Read(path, options));
        Assert.Equal((verdict, verdict is null ? "1" : null), (row.Battle!.Verdict, row.Problem?.UnknownWinner));

        var said = options with { Mapping = options.Mapping! with { Winners = new Dictionary<string, Verdict> { ["1"] = Verdict.B } } };
        Assert.Equal(Verdict.B, Assert.Single(BattleReader.Read(path, said)).Battle!.Verdict);
    }

    [Theory]
    [InlineData("""{"nr":7,"ask":{"text":"f"},"outputs":[{"text":"l"},{"text":"r"}],"vote":{"of":[{"who":"R"}]}}""")]
    [InlineData("""{"nr":7,"ask":"{\"text\":\"f\"}","outputs":"[{'text': 'l'}, {'text': 'r'}]","vote":{"of":"[{\"who\":\"R\"}]"}}""")]
    [InlineData("nr,ask,outputs,vote\n7,{'text': 'f'},\"[{'text': 'l'}, {'text': 'r'}]\",{'of': [{'who': 'R'}]}\n")]
    public void A_path_reaches_a_value_within_objects_and_lists(string content)
    {
        var options = DataFolder.Train with
        {
            Mapping = BattleMapping.Of(
                [
                    ("id", "nr"), ("prompt", "ask.text"), ("response_a", "outputs.0.text"), ("response_b", "outputs[-1].text"),
                    ("winner", "vote.of[0].who"),
                ],
                [("R", "model_b")]),
        };

        var set = BattleSet.Load([_folder.Write(content)], options);

        var battle = Assert.Single(set.Battles);
        Assert.Equal(("7", new Turn("f", "l", "r"), Verdict.B), (battle.Id, battle.Turns[0], battle.Verdict));
        Assert.Empty(set.Notices);
    }

    [Fact]
    public void Responses_that_the_user_has_named_are_meant_whatever_other_layout_would_fit()
    {
        var path = _folder.Write("""{"id":1,"prompt":"p","answers":["l","r"],"winner":"model_a"}""");
        Assert.Equal("has fewer than two responses with a rating", BattleReader.Read(path, DataFolder.Train).Single().Problem!.Reason);
        var options = DataFolder.Train with
        {
            Mapping = BattleMapping.Of([("response_a", "answers[0]"), ("response_b", "answers[1]")], []),
        };

        var battle = Assert.Single(BattleReader.Read(path, options)).Battle!;

        Assert.Equal((new Turn("p", "l", "r"), Verdict.A), (battle.Turns[0], battle.Verdict));
    }

    [Fact]
    public void Where_a_path_leads_nowhere_the_row_lacks_the_value()
    {
        var path = _folder.Write(
            """{"id":1,"prompt":"p","out":{"a":"l","b":"r"},"winner":"tie"}""" + "\n" + """{"id":2,"prompt":"p","out":{"a":"l"},"winner":"tie"}""");
        var options = DataFolder.Train with { Mapping = BattleMapping.Of([("response_a", "out.a"), ("response_b", "out.b")], []) };

        var rows = BattleReader.Read(path, options).ToList();

        Assert.Equal(new Turn("p", "l", "r"), rows[0].Battle!.Turns[0]);
        Assert.Contains("has nothing at \"out.b\", which was given for response_b", rows[1].Problem!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"models":["x","y"],"result":{"winner":"model_b"}}""")]
    [InlineData("models,result\n\"['x', 'y']\",{'winner': 'model_b'}\n")]
    public void Votes_are_reached_by_paths(string content)
    {
        var options = new BattleReadOptions
        {
            Mapping = BattleMapping.Of([("model_a", "models.0"), ("model_b", "models.1"), ("winner", "result.winner")], []),
        };

        var vote = Assert.Single(VoteReader.Read(_folder.Write(content), options).Votes());

        Assert.Equal(("x", "y", Verdict.B), (vote.ModelA, vote.ModelB, vote.Verdict));
    }

    [Fact]
    public void The_path_of_a_vote_of_an_annotation_tool_is_found()
    {
        var path = _folder.Write(
            """{"fields":{"instruction":"q","response1":"l","response2":"r"},"responses":[{"values":{"preference":{"value":"response1"}}}]}""");

        var message = Assert.Throws<InputException>(() => BattleReader.Read(path, DataFolder.Train).Count()).Message;

        Assert.Contains(
            "`columns` prompt=fields.instruction,response_a=fields.response1,response_b=fields.response2,"
                + "winner=responses[0].values.preference.value;",
            message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"prompt":"q","a":{"0":"l","1":"r"},"w":1}""")]
    [InlineData("""{"prompt":"q","0":{"0":"l","1":"r"},"w":1}""")]
    public void Keys_that_say_nothing_are_an_unknown_layout_too(string content) => Assert.Contains(
        "`columns`",
        Assert.Throws<InputException>(() => BattleReader.Read(_folder.Write(content), DataFolder.Train).Count()).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(
        """{"input":{"question":"q","id":4},"outputs":[{"model":"x","text":"l"},{"model":"y","text":"r"}],"meta":{"preferred":"x"}}""",
        "prompt=input.question,response_a=outputs[0].text,response_b=outputs[1].text,winner=meta.preferred")]
    [InlineData(
        """{"input":{"messages":[{"role":"user","content":"q"}]},"completions":[{"messages":[{"role":"a","content":"l"}]},{"messages":[{"role":"a","content":"r"}]}],"vote":{"choice":"A"}}""",
        "prompt=input.messages[0].content,response_a=completions[0].messages[0].content,response_b=completions[1].messages[0].content,winner=vote.choice")]
    [InlineData(
        """{"prompt":"q","left":{"response":"l"},"right":{"response":"r"},"rating":{"vote":"left"}}""",
        "prompt=prompt,response_a=left.response,response_b=right.response,winner=rating.vote")]
    public void The_answer_to_an_unknown_layout_names_paths(string content, string mapping)
    {
        var message = Assert.Throws<InputException>(() => BattleReader.Read(_folder.Write(content), DataFolder.Train).Count()).Message;

        Assert.Contains($"`columns` {mapping}; what lies within", message, StringComparison.Ordinal);
        var pairs = mapping.Split(',').Select(pair => pair.Split('=')).Select(pair => (pair[0], pair[1]));
        var options = DataFolder.Train with { Mapping = BattleMapping.Of(pairs, [("x", "model_a")]) };
        var battle = Assert.Single(BattleReader.Read(_folder["file.csv"], options));
        Assert.Equal((new Turn("q", "l", "r"), Verdict.A), (battle.Battle!.Turns[0], battle.Battle.Verdict));
    }

    [Fact]
    public void A_column_that_has_the_name_of_another_gives_way()
    {
        var path = _folder.Write("id,prompt,question,response_a,response_b,winner\n1,ignored,asked,a,b,tie\n");
        var set = BattleSet.Load([path], DataFolder.Train with { Mapping = BattleMapping.Of([("prompt", "question")], []) });

        Assert.Equal("asked", set.Battles[0].Turns[0].Prompt);
        Assert.Contains("not used: \"prompt\"", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapping_does_no_harm_to_files_with_the_usual_names() =>
        Assert.Equal(Verdict.A, BattleSet.Load([_folder.Write(DataFolder.TrainHeader + DataFolder.TrainRow)], Mapped).Battles[0].Verdict);

    [Theory]
    [InlineData("Model_A,Model_B,Winner\nx,y,A\n")]
    [InlineData("model a;model b;WINNER;weight\nx;y;left;0,5\n")]
    [InlineData("modelA\tmodelB\twinner\nx\ty\t1\n")]
    [InlineData("model_a|model_b|winner\nx|y|x\n")]
    [InlineData("id,model_a,model_b,winner_model_a,winner_model_b,winner_tie\n1,x,y,1,0,0\n")]
    [InlineData("""{"model_a":"x","model_b":"y","winner":"model_a","anony":true,"tags":["a"]}""")]
    public void Votes_are_read_however_their_columns_are_spelled_and_separated(string content)
    {
        var path = _folder.Write(content);

        Assert.True(VoteReader.CanRead(path));
        Assert.Equal(new Vote("x", "y", Verdict.A), VoteReader.Read(path)[0] with { Weight = 1 });
    }

    [Fact]
    public void Decimal_commas_are_read_where_no_comma_separates() =>
        Assert.Equal([0.5], VoteReader.Read(_folder.Write("model_a;model_b;winner;weight\nx;y;tie;0,5\n")).Weights!);

    [Fact]
    public void Votes_are_read_with_a_mapping()
    {
        var path = _folder.Write("left,right,who\nx,y,y\nx,y,none\n");
        var mapping = BattleMapping.Of([("model_a", "left"), ("model_b", "right"), ("winner", "who")], [("none", "bothbad")]);

        Assert.True(VoteReader.CanRead(path, mapping));
        Assert.Equal(
            [Verdict.B, Verdict.BothBad], VoteReader.Read(path, DataFolder.Train with { Mapping = mapping }).Verdicts);
    }

    [Theory]
    [InlineData("04/03/2024", "25/03/2024", 3)]
    [InlineData("03/04/2024", "03/25/2024", 3)]
    [InlineData("03/04/2024", "05/06/2024", null)]
    [InlineData("2024-03-04", "soon", 3)]
    public void Times_are_decided_by_the_whole_column_and_lose_no_vote(string first, string second, int? month)
    {
        var table = VoteReader.Read(_folder.Write($"model_a,model_b,winner,tstamp\nx,y,tie,{first}\nx,y,tie,{second}\n"));

        Assert.Equal(2, table.Count);
        Assert.Equal(month, table.Timestamps?[0].Month);
        Assert.Equal(month is null || second is "soon" ? 1 : 0, table.Notices.Count);
    }

    [Theory]
    [InlineData("04/03/2024", "25/03/2024", 3)]
    [InlineData("03/04/2024", "03/25/2024", 3)]
    [InlineData("03/04/2024", "05/06/2024", null)]
    public void Times_of_battles_are_decided_like_those_of_votes(string first, string second, int? month)
    {
        var csv = _folder.Write($"id,prompt,response_a,response_b,winner,tstamp\n1,p,a,b,tie,{first}\n2,p,a,b,tie,{second}\n");
        var json = _folder.Write(
            Encoding.UTF8.GetBytes(string.Concat(new[] { first, second }.Select((time, i) =>
                $$"""{"id":"{{i}}","prompt":"p","response_a":"a","response_b":"b","winner":"tie","tstamp":"{{time}}"}""" + "\n"))),
            "times.jsonl");

        foreach (var set in new[] { BattleSet.Load([csv], DataFolder.Train), BattleSet.Load([json], DataFolder.Train) })
        {
            Assert.Equal(month, set.Battles[0].Timestamp?.Month);
            Assert.Equal(month is null ? 1 : 0, set.Notices.Count);
        }
    }

    [Theory]
    [InlineData("id,prompt,response_a,response_b,winner,lang,anony\n1,p,a,b,tie,English,True\n2,p,a,b,A,German,False\n")]
    [InlineData("""
        {"id":"1","prompt":"p","response_a":"a","response_b":"b","winner":"tie","lang":"english","anony":true}
        {"id":"2","prompt":"p","response_a":"a","response_b":"b","winner":"A","lang":"German","anony":false}
        """)]
    [InlineData("""
        id,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie,lang,anony
        1,"[""p""]","[""a""]","[""b""]",0,0,1,English,true
        2,"[""p""]","[""a""]","[""b""]",1,0,0,German,false

        """)]
    public void Rows_are_chosen_by_values_of_any_column(string content)
    {
        var path = _folder.Write(content);
        IEnumerable<string> Ids(params (string, string)[] where) =>
            BattleReader.Read(path, DataFolder.Train with { Where = where }).Select(row => row.Battle!.Id);

        Assert.Equal(["1"], Ids(("lang", "English")));
        Assert.Equal(["1", "2"], Ids(("lang", "English"), ("lang", "German")));
        Assert.Equal(["2"], Ids(("lang", "German"), ("anony", "false")));
        Assert.Equal(2, BattleReader.Read(path, DataFolder.Test with { Where = [("lang", "English")] }).Count());
        Assert.Contains("no row with lang=French", Assert.Throws<InputException>(() => Ids(("lang", "French")).Count()).Message,
            StringComparison.Ordinal);
        Assert.Matches("no (column|key) \"tongue\"", Assert.Throws<InputException>(() => Ids(("tongue", "x")).Count()).Message);
    }

    [Fact]
    public void A_key_that_only_later_rows_have_is_mapped_too()
    {
        var rows = string.Concat(Enumerable.Range(0, 30).Select(i =>
            $$"""{"id":"{{i}}","prompt":"p","response_a":"a","response_b":"b"{{(i < 25 ? "" : ",\"besser\":\"R\"")}}}""" + "\n"));

        var set = BattleSet.Load([_folder.Write(rows)], Mapped with { Purpose = BattlePurpose.Explore });

        Assert.Equal(5, set.Battles.Count(battle => battle.Verdict == Verdict.B));
        Assert.Contains("has no key \"besser\" for winner in its first rows", string.Join('\n', set.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_only_later_rows_have_chooses_rows_too()
    {
        var rows = string.Concat(Enumerable.Range(0, 30).Select(i =>
            $$"""{"id":"{{i}}","prompt":"p","response_a":"a","response_b":"b","model_a":"x","model_b":"y","winner":"tie"{{(i < 25 ? "" : ",\"late\":true")}}}""" + "\n"));
        var path = _folder.Write(rows);
        var options = DataFolder.Train with { Where = [("late", "true")] };

        Assert.Equal(5, BattleReader.Read(path, options).Count());
        Assert.Equal(5, VoteReader.Read(path, options).Count);
        Assert.Contains("no key \"later\"", Assert.Throws<InputException>(() =>
            VoteReader.Read(path, options with { Where = [("later", "")] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Votes_are_chosen_too()
    {
        var csv = _folder.Write("model_a,model_b,winner,anony\nx,y,A,True\nx,y,B,False\n");
        Assert.Equal([Verdict.A], VoteReader.Read(csv, DataFolder.Train with { Where = [("anony", "true")] }).Verdicts);

        var json = _folder.Write("{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"B\",\"anony\":false}\n");
        Assert.Equal([Verdict.B], VoteReader.Read(json, DataFolder.Train with { Where = [("anony", "false")] }).Verdicts);
    }

    [Fact]
    public void A_question_or_an_instruction_with_its_input_is_the_prompt()
    {
        var questions = _folder.Write("""{"system":"Be brief.","question":"Why?","response_a":"a","response_b":"b","winner":"A"}""");
        Assert.Equal("Be brief.\n\nWhy?", BattleSet.Load([questions], DataFolder.Train).Battles[0].Turns[0].Prompt);

        var instructions = _folder.Write("""{"instruction":"Translate.","input":"Danke","response_a":"a","response_b":"b","winner":"A"}""");
        Assert.Equal("Translate.\n\nDanke", BattleSet.Load([instructions], DataFolder.Train).Battles[0].Turns[0].Prompt);

        var none = _folder.Write("""{"response_a":"a","response_b":"b","winner":"A"}""");
        Assert.Single(
            BattleSet.Load([none], DataFolder.Train).Notices, notice => notice.StartsWith("No battle has a prompt", StringComparison.Ordinal));
    }
}
