using Tiebreak.Boosting.LearnedGroups;
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
    private static readonly TermVocabulary Vocabulary =
        TermVocabulary.Build(TermKind.Words, [.. Battles.SelectMany(battle => new[] { battle.Turns[0].Prompt, battle.Turns[0].ResponseA, battle.Turns[0].ResponseB })], Options);


    [Fact]
    public void It_learns_the_word_that_decides()
    {
        var (model, terms) = Fit(threads: 2);
        var strongest = Enumerable.Range(0, model.Terms).OrderByDescending(i => model.Strength[i]).First();

        Assert.Equal("good", Vocabulary.Terms[strongest]);
        Assert.True(terms.Select((battle, i) => LogLoss.Of(model.Predict(battle), Targets[i])).Average() < 0.9);
    }

    [Fact]
    public void Exchanging_the_sides_exchanges_the_probabilities_exactly()
    {
        var (model, terms) = Fit(threads: 2);
        Assert.All(terms, battle =>
            Assert.Equal(model.Predict(battle), model.Predict(new BattleVectors(battle.Prompt, battle.B, battle.A)).Swapped()));
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
        var weights = new double[(3 * model.Terms) + 1];
        model.Strength.CopyTo(weights);
        model.TieByResponse.CopyTo(weights.AsSpan(model.Terms));
        model.TieByPrompt.CopyTo(weights.AsSpan(2 * model.Terms));
        weights[^1] = model.TieIntercept;

        var best = Objective(weights);
        foreach (var k in new[] { 0, 1, model.Terms, weights.Length - 1 })
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
            var moved = new PairLinearModel(model.Terms, w);
            return terms.Select((battle, i) => LogLoss.Of(moved.Predict(battle), Targets[i])).Sum() + (Options.L2 / 2 * w[..^1].Sum(value => value * value));
        }
    }

    [Fact]
    public async Task It_survives_its_file_exactly()
    {
        using var folder = new TemporaryFolder();
        var (model, terms) = Fit(threads: 2);
        await new PairLinearFile(Vocabulary.Terms, Vocabulary.InverseFrequencies, model).WriteAsync(folder["terms.tsv"]);
        var read = PairLinearFile.Read(folder["terms.tsv"]);

        Assert.Equal(Vocabulary.Terms, read.Terms);
        Assert.Equal(Vocabulary.InverseFrequencies, read.Scales);
        Assert.All(terms, battle => Assert.Equal(model.Predict(battle), read.Model.Predict(battle)));
    }

    private static (PairLinearModel Model, BattleVectors[] Terms) Fit(int threads)
    {
        var vectoriser = new TermVectoriser(Vocabulary);
        BattleVectors[] terms = [.. Battles.Select(battle => vectoriser.Of(battle, []))];
        double[] weights = [.. Enumerable.Repeat(1.0, terms.Length)];
        return (new PairLinearTrainer(Vocabulary.Terms.Count, Options.L2, Options.MaxSteps).Fit(terms, Targets, weights, threads), terms);
    }
}
