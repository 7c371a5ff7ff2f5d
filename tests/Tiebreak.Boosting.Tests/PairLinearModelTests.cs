using Tiebreak.Boosting.TermVectors;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Testing;

namespace Tiebreak.Boosting.Tests;

public sealed class PairLinearModelTests
{
    private static readonly IReadOnlyList<Battle> Battles = SyntheticBattles.Create(400);
    private static readonly Preference[] Targets = [.. Battles.Select(battle => battle.Target!.Value)];
    private static readonly TermOptions Options = new() { L2 = 1 };

    [Fact]
    public void It_learns_the_word_that_decides()
    {
        var (model, terms) = Fit(threads: 2);
        var strongest = Enumerable.Range(0, model.Vocabulary.Terms.Count).OrderByDescending(i => model.Strength[i]).First();

        Assert.Equal("good", model.Vocabulary.Terms[strongest]);
        Assert.True(terms.Select((battle, i) => LogLoss.Of(model.Predict(battle), Targets[i])).Average() < 0.9);
    }

    [Fact]
    public void Exchanging_the_sides_exchanges_the_probabilities_exactly()
    {
        var (model, terms) = Fit(threads: 2);
        Assert.All(terms, battle =>
            Assert.Equal(model.Predict(battle), model.Predict(new BattleTerms(battle.Prompt, battle.B, battle.A)).Swapped()));
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var (one, _) = Fit(threads: 1);
        var (many, _) = Fit(threads: 4);
        Assert.Equal(one.Strength.ToArray(), many.Strength.ToArray());
    }

    [Fact]
    public void The_fit_is_a_minimum()
    {
        // Every direction of a convex function goes up from its minimum.
        var (model, terms) = Fit(threads: 2);
        var weights = new double[(3 * model.Vocabulary.Terms.Count) + 1];
        model.Strength.CopyTo(weights);
        model.TieByResponse.CopyTo(weights.AsSpan(model.Vocabulary.Terms.Count));
        model.TieByPrompt.CopyTo(weights.AsSpan(2 * model.Vocabulary.Terms.Count));
        weights[^1] = model.TieIntercept;

        var best = Objective(weights);
        foreach (var k in new[] { 0, 1, model.Vocabulary.Terms.Count, weights.Length - 1 })
        {
            foreach (var step in new[] { -0.05, 0.05 })
            {
                var moved = weights.ToArray();
                moved[k] += step;
                Assert.True(Objective(moved) > best);
            }
        }

        double Objective(double[] w)
        {
            var moved = new PairLinearModel(model.Vocabulary, w);
            return terms.Select((battle, i) => LogLoss.Of(moved.Predict(battle), Targets[i])).Sum() + (Options.L2 / 2 * w[..^1].Sum(value => value * value));
        }
    }

    [Fact]
    public async Task It_survives_its_file_exactly()
    {
        using var folder = new TemporaryFolder();
        var (model, terms) = Fit(threads: 2);
        await PairLinearFile.WriteAsync(folder["terms.tsv"], model);
        var read = PairLinearFile.Read(folder["terms.tsv"]);

        Assert.All(terms, battle => Assert.Equal(model.Predict(battle), read.Predict(battle)));
    }

    private static (PairLinearModel Model, BattleTerms[] Terms) Fit(int threads)
    {
        var vocabulary = TermVocabulary.Build(Battles.SelectMany(battle => new[] { battle.Turns[0].Prompt, battle.Turns[0].ResponseA, battle.Turns[0].ResponseB }), Options);
        BattleTerms[] terms = [.. Battles.Select(battle => BattleTerms.Of(battle, vocabulary))];
        return (new PairLinearTrainer(vocabulary, Options).Fit(terms, Targets, threads), terms);
    }
}
