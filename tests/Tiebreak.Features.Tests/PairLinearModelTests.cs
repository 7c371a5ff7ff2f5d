using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Features.LearnedGroups;
using Tiebreak.Features.TermVectors;
using Tiebreak.Testing;

namespace Tiebreak.Features.Tests;

public sealed class PairLinearModelTests
{
    private const int NoFold = -1;
    private const int Folds = 9; // with the model of everything more than fit into the lanes of one vector

    private static readonly IReadOnlyList<Battle> Battles = SyntheticBattles.Create(400);
    private static readonly Preference[] Targets = [.. Battles.Select(battle => battle.Target!.Value)];
    private static readonly TermOptions Options = new() { L2 = 1 };
    private static readonly TermVocabulary Vocabulary =
        TermVocabulary.Build(
            TermKind.Words,
            [.. Battles.SelectMany(battle => new[] { battle.Turns[0].Prompt, battle.Turns[0].ResponseA, battle.Turns[0].ResponseB })],
            Options);
    private static readonly PairLinearTrainer Trainer = new(Vocabulary.Terms.Count, Options.L2, Options.MaxSteps);

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
        Assert.Equal(WeightsOf(one), WeightsOf(many));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Models_that_are_fitted_together_are_those_fitted_alone_without_the_fold(bool isDense)
    {
        var rows = Rows(Targets);
        var trainer = new PairLinearTrainer(Vocabulary.Terms.Count, Options.L2, Options.MaxSteps, isDense);
        var together = trainer.Fit(rows, [.. Enumerable.Range(0, Folds), NoFold], threads: 2);
        Assert.Equal(Folds + 1, together.Count);
        foreach (var fold in new[] { 0, 5, Folds - 1 })
        {
            int[] outside = [.. Enumerable.Range(0, Battles.Count).Where(i => rows.Folds[i] != fold)];
            var without = new PairLinearRows(
                [.. outside.Select(i => rows.Battles[i])], [.. outside.Select(i => rows.Targets[i])],
                [.. outside.Select(i => rows.Weights[i])], [.. outside.Select(_ => 0)]);
            var alone = trainer.Fit(without, [NoFold], threads: 1)[0];
            Assert.All(rows.Battles, battle => Assert.Equal(alone.Score(battle).A, together[fold].Score(battle).A, 1e-3));
            Assert.All(rows.Battles, battle => Assert.Equal(alone.Score(battle).Tie, together[fold].Score(battle).Tie, 1e-3));
        }
    }

    [Fact]
    public void What_people_said_about_a_fold_changes_nothing_in_the_model_without_it()
    {
        var (before, after) = (Fit(Targets), Fit([.. Targets.Select((target, i) => i % Folds == 2 ? target.Swapped() : target)]));
        Assert.Equal(WeightsOf(before[2]), WeightsOf(after[2])); // to the last bit
        Assert.All(new[] { 1, 3, Folds }, other => Assert.NotEqual(WeightsOf(before[other]), WeightsOf(after[other])));

        static IReadOnlyList<PairLinearModel> Fit(Preference[] targets) =>
            Trainer.Fit(Rows(targets), [.. Enumerable.Range(0, Folds), NoFold], threads: 2);
    }

    [Fact]
    public void Exchanging_the_sides_of_all_training_battles_changes_no_score()
    {
        var rows = Rows(Targets);
        var swapped = rows with
        {
            Battles = [.. rows.Battles.Select(battle => new BattleVectors(battle.Prompt, battle.B, battle.A))],
            Targets = [.. rows.Targets.Select(target => target.Swapped())],
        };
        var (one, other) = (Trainer.Fit(rows, [NoFold], threads: 2)[0], Trainer.Fit(swapped, [NoFold], threads: 2)[0]);
        Assert.All(rows.Battles, battle => Assert.Equal(one.Score(battle).A, other.Score(battle).A, 1e-3));
        Assert.All(rows.Battles, battle => Assert.Equal(one.Score(battle).Tie, other.Score(battle).Tie, 1e-3));
    }

    [Fact]
    public void Steps_are_reported_out_of_those_that_it_may_take()
    {
        var reports = new Reports();

        Trainer.Fit(Rows(Targets), [.. Enumerable.Range(0, Folds), NoFold], threads: 2, reports, "weighing words");

        reports.AreOfOneStage("weighing words");
    }

    [Fact]
    public void Too_few_steps_are_an_error_that_names_the_settings()
    {
        var trainer = new PairLinearTrainer(Vocabulary.Terms.Count, Options.L2, maxSteps: 2);
        Assert.Contains(
            "max_steps",
            Assert.Throws<TiebreakException>(() => trainer.Fit(Rows(Targets), [NoFold], threads: 1)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_fit_is_a_minimum()
    {
        // Every direction of a convex function goes up from its minimum.
        var (model, terms) = Fit(threads: 2);
        var weights = WeightsOf(model);
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
            return terms.Select((battle, i) => (0.5 + (i % 3)) * LogLoss.Of(moved.Predict(battle), Targets[i])).Sum()
                + (Options.L2 / 2 * w[..^1].Sum(value => value * value));
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
        var rows = Rows(Targets);
        return (Trainer.Fit(rows, [NoFold], threads)[0], [.. rows.Battles]);
    }

    private static PairLinearRows Rows(IReadOnlyList<Preference> targets)
    {
        var vectoriser = new TermVectoriser(Vocabulary);
        return new(
            [.. Battles.Select(vectoriser.Of)],
            targets,
            [.. Targets.Select((_, i) => 0.5 + (i % 3))],
            [.. Targets.Select((_, i) => i % Folds)]);
    }

    private static double[] WeightsOf(PairLinearModel model) =>
        [.. model.Strength, .. model.TieByResponse, .. model.TieByPrompt, model.TieIntercept];
}
