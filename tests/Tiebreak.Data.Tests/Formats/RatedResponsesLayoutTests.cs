using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>Sets with several rated responses: all pairs are battles.</summary>
public sealed class RatedResponsesLayoutTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void UltraFeedback_gives_every_pair_by_the_mean_of_the_aspects()
    {
        var battles = All(
            """{"source":"evol_instruct","instruction":"p","models":["m1","m2","m3"],"completions":[{"model":"m1","response":"r1","fine-grained_score":4.5,"overall_score":1.0,"annotations":{"helpfulness":{"Rating":"5"}}},{"model":"m2","response":"r2","fine-grained_score":4.5,"overall_score":8},{"model":"m3","response":"r3","fine-grained_score":2.0,"overall_score":9}],"correct_answers":["None"]}""");

        Assert.Equal(["m1 = m2", "m1 > m3", "m2 > m3"], battles.Select(Outcome));
        Assert.All(battles, battle => Assert.Equal(("p", "evol_instruct"), (battle.Turns[0].Prompt, battle.Source)));
        Assert.All(battles, battle => Assert.Equal(battle.ModelA![1], battle.Turns[0].ResponseA![1]));
        Assert.Equal(3, battles.Select(battle => battle.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Nectar_gives_the_better_rank_the_win()
    {
        var battles = All(
            """{"prompt":"\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: And now?\n\nAssistant: ","answers":[{"answer":"r1","model":"m1","rank":1.0},{"answer":"r2","model":"m2","rank":2.0},{"answer":"r3","model":"m3","rank":3.0}],"turns":2,"source":["anthropic-hh"],"good_natured":true}""");

        Assert.Equal(["m1 > m2", "m1 > m3", "m2 > m3"], battles.Select(Outcome));
        Assert.Equal(new Turn("Hi", "Hello", "Hello"), battles[0].Turns[0]);
        Assert.Equal(("And now?", 2), (battles[0].Turns[1].Prompt, battles[0].Turns.Count));
    }

    [Fact]
    public void Distilabel_has_lists_of_texts_models_and_ratings()
    {
        var battles = All(
            """{"instruction":"p","generations":["r1","r2","r3"],"generation_models":["m1","m2","m3"],"ratings":[3,null,5],"rationales":["a","b","c"]}""");

        Assert.Equal(["m3 > m1"], battles.Select(Outcome));
    }

    [Fact]
    public void A_response_that_was_picked_wins_against_the_others()
    {
        var battles = All("""{"prompt":"p","completions":["r1","r2","r3"],"chosen_index":1}""");

        Assert.Equal([("r2", "r1"), ("r2", "r3")], battles.Select(battle => battle.Verdict == Verdict.A
            ? (battle.Turns[0].ResponseA!, battle.Turns[0].ResponseB!)
            : (battle.Turns[0].ResponseB!, battle.Turns[0].ResponseA!)));
    }

    [Theory]
    [InlineData("3", "is the place of none of its 2 responses")]
    [InlineData("\"x\"", "is not a whole number")]
    public void A_pick_that_is_none_is_reported(string index, string reason)
    {
        var row = Assert.Single(BattleReader.Read(
            _folder.Write($$"""{"prompt":"p","responses":["r1","r2"],"best_index":{{index}}}"""), DataFolder.Train));

        Assert.Contains(reason, row.Problem!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Sides_are_drawn_by_the_texts()
    {
        var rows = string.Join('\n', Enumerable.Range(0, 200).Select(i =>
            $$"""{"prompt":"p{{i}}","answers":[{"answer":"good","model":"m1","rank":1},{"answer":"bad","model":"m2","rank":2}]}"""));

        Assert.InRange(All(rows).Count(battle => battle.Verdict == Verdict.A), 70, 130);
    }

    [Fact]
    public void A_row_without_two_rated_responses_is_reported()
    {
        var row = Assert.Single(BattleReader.Read(
            _folder.Write("""{"instruction":"p","completions":[{"model":"m1","response":"r1","overall_score":3}]}"""), DataFolder.Train));

        Assert.Equal("has fewer than two responses with a rating", row.Problem!.Reason);
    }

    private static string Outcome(Battle battle) => battle.Verdict switch
    {
        Verdict.A => $"{battle.ModelA} > {battle.ModelB}",
        Verdict.B => $"{battle.ModelB} > {battle.ModelA}",
        _ => string.Join(" = ", new[] { battle.ModelA, battle.ModelB }.Order(StringComparer.Ordinal)),
    };

    private List<Battle> All(string rows) =>
        BattleReader.Read(_folder.Write(rows), DataFolder.Train).Select(row =>
        {
            Assert.Null(row.Problem);
            return row.Battle!;
        }).ToList();
}
