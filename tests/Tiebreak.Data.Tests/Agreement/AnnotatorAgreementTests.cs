using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Data.Agreement;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.Agreement;

public sealed class AnnotatorAgreementTests
{
    [Fact]
    public void Votes_on_the_same_texts_are_put_together_whichever_side_stands_first()
    {
        var battle = new Battle { Id = "1", Turns = [new Turn("p", "one", "other")], Verdict = Verdict.A, AnnotatorIds = ["ann"] };
        var other = battle.Swapped() with { Id = "2", AnnotatorIds = ["bob"] };
        string[] votes = ["model_b (2)", "nonsense", "tie (bothbad)"];
        var third = battle with { Id = "3", Verdict = null, Annotators = votes, AnnotatorIds = null };
        var again = battle with { Id = "4", Verdict = Verdict.B };
        var single = battle with { Id = "5", Turns = [new Turn("p", "one", "else")] };
        Battle[] battles = [battle, other, third, again, single];
        var items = new AnnotatedItems(battles, PromptGroup.Number(battles));

        Assert.Equal((2, 1, 1), (items.Items.Count, items.Unread, items.Repeated));
        Assert.Equal([Outcome.A, Outcome.A, Outcome.B, Outcome.Tie], items.Items[0].Votes.Select(vote => vote.Outcome));
        Assert.Equal(["ann", "bob", null, null], items.Items[0].Votes.Select(vote => vote.Annotator));
        Assert.Equal([-1, -1, 2, 0], items.Items[0].Votes.Select(vote => vote.Vote.Grade));

        var agreement = AnnotatorAgreement.Of(battles, seed: 1, threads: 2);
        Assert.Equal((1, 4, 1, true), (agreement.Battles, agreement.Votes, agreement.SingleVotes, agreement.IsGraded));
        Assert.Equal(1.0 / 6, agreement.Coefficients.Single(coefficient => coefficient.Name is "raw agreement").Value, 12);
    }

    [Fact]
    public void Without_two_votes_on_a_battle_nothing_is_said()
    {
        var agreement = AnnotatorAgreement.Of(SyntheticBattles.Create(20), seed: 1, threads: 1);
        Assert.Equal((0, 20), (agreement.Battles, agreement.SingleVotes));
        Assert.Empty(agreement.Coefficients);
    }

    [Fact]
    public void A_coin_and_a_lazy_annotator_are_found_among_careful_ones()
    {
        var battles = Annotated(150, seed: 3);
        var annotators = AnnotatorAgreement.Of(battles, seed: 5, threads: 2).Annotators.ToDictionary(
            annotator => annotator.Annotator, annotator => annotator, StringComparer.Ordinal);

        Assert.All(annotators.Values, annotator => Assert.Equal(annotator.Annotator is "coin", annotator.MayBeCoin));
        Assert.InRange(annotators["lazy"].Severity, 0.2, 0.6); // calls 40 % of its battles a tie
        Assert.InRange(annotators["careful"].Severity, -0.25, 0.05);
    }

    [Fact]
    public void Nothing_depends_on_the_number_of_threads()
    {
        var battles = Annotated(60, seed: 9);
        var (one, many) = (AnnotatorAgreement.Of(battles, seed: 2, threads: 1), AnnotatorAgreement.Of(battles, seed: 2, threads: 4));
        Assert.Equal(one.Coefficients, many.Coefficients);
        Assert.Equal(one.Pairs, many.Pairs);
        Assert.Equal(one.Annotators, many.Annotators);
        Assert.All(one.Pairs, pair => Assert.Equal(60, pair.Battles));
    }

    [Fact]
    public void The_crowd_of_a_real_set_agrees_a_little()
    {
        var set = BattleSet.Load([Repository.Shared("real", "battles", "llmfao_crowd.jsonl.gz")], DataFolder.Train with
        {
            Mapping = BattleMapping.Of([("annotator_ids", "workers")], []),
        });
        var agreement = AnnotatorAgreement.Of(set.Battles, seed: 1, threads: 2);

        Assert.True(agreement.Annotators.Count > 50);
        Assert.InRange(agreement.Coefficients.Single(coefficient => coefficient.Name is "Fleiss' kappa").Value, 0.05, 0.6);
    }

    /// <summary>Careful annotators say the truth nine times in ten, a lazy one a tie now and then, and a coin anything.</summary>
    private static List<Battle> Annotated(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        string[] annotators = ["careful", "coin", "lazy", "thorough"];
        return
        [
            .. SyntheticBattles.Create(count).SelectMany(battle => annotators.Select(annotator =>
            {
                var truth = battle.Verdict!.Value;
                var vote = annotator switch
                {
                    "coin" => (Verdict)random.Next(3),
                    "lazy" when random.NextDouble() < 0.4 => Verdict.Tie,
                    _ => random.NextDouble() < 0.9 ? truth : (Verdict)random.Next(3),
                };
                return battle with { Id = $"{battle.Id}-{annotator}", Verdict = vote, AnnotatorIds = [annotator] };
            })),
        ];
    }
}
