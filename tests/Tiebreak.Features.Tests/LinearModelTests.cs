using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Randomness;
using Tiebreak.Features.Counted;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.Linear;
using Tiebreak.Testing;

namespace Tiebreak.Features.Tests;

public sealed class LinearModelTests
{
    private static readonly FeatureSchema Schema = new(
    [
        new("diff_x", "x", IsAntisymmetric: true), new("sum_x", "x", IsAntisymmetric: false),
        new("diff_noise", "noise", IsAntisymmetric: true), new("constant", "noise", IsAntisymmetric: false),
    ]);

    [Fact]
    public void It_finds_the_planted_rule()
    {
        // 2 log odds of A for each unit of x, and a tie the likelier the smaller |x| is.
        var (features, labelled) = Data(4000, seed: 1);
        var model = Fit(features, labelled, l2: 1).Model;
        for (var i = 0; i < 100; i++)
        {
            var (truth, said) = (Truth(features[i][0]), model.Predict(features[i]));
            Assert.Equal(truth.A, said.A, 0.05);
            Assert.Equal(truth.Tie, said.Tie, 0.05);
        }
    }

    [Fact]
    public void Exchanging_the_sides_exchanges_the_answer_exactly()
    {
        var (features, labelled) = Data(300, seed: 2);
        var model = Fit(features, labelled, l2: 10).Model;
        var swapped = new float[features.Columns];
        for (var i = 0; i < features.Rows; i++)
        {
            Schema.Swap(features[i], swapped);
            Assert.Equal(model.Predict(features[i]), model.Predict(swapped).Swapped());
        }
    }

    [Fact]
    public void Contributions_add_up_to_the_log_odds()
    {
        var (features, labelled) = Data(300, seed: 3);
        var model = Fit(features, labelled, l2: 10).Model;
        for (var i = 1; i < 50; i++)
        {
            var (one, other) = (model.Predict(features[0]), model.Predict(features[i]));
            var (ofOne, ofOther) = (model.Contributions(features[0]), model.Contributions(features[i]));
            Assert.Equal(
                Math.Log(one.A / one.B) - Math.Log(other.A / other.B), ofOne.Sum(c => c.TowardsA) - ofOther.Sum(c => c.TowardsA), 4);
            static double Tie(Preference p) => Math.Log(p.Tie) - ((Math.Log(p.A) + Math.Log(p.B)) / 2);
            Assert.Equal(Tie(one) - Tie(other), ofOne.Sum(c => c.TowardsTie) - ofOther.Sum(c => c.TowardsTie), 4);
        }
    }

    [Fact]
    public async Task Its_file_keeps_every_prediction_and_what_is_no_such_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        var (features, labelled) = Data(300, seed: 4);
        var model = Fit(features, labelled, l2: 10).Model;
        await model.SaveAsync(folder.Path);
        var read = LinearModel.Read(folder.Path, Schema);
        for (var i = 0; i < features.Rows; i++)
            Assert.Equal(model.Predict(features[i]), read.Predict(features[i]));

        Assert.Contains(
            "other features",
            Assert.Throws<InputException>(() =>
                LinearModel.Read(folder.Path, new FeatureSchema([new("diff_y", "y", IsAntisymmetric: true)]))).Message,
            StringComparison.Ordinal);
        var path = folder[LinearModel.FileName];
        await File.WriteAllTextAsync(
            path, (await File.ReadAllTextAsync(path)).Replace("diff_x\t0\t", "diff_x\tnought\t", StringComparison.Ordinal));
        Assert.Contains(
            "line 3", Assert.Throws<InputException>(() => LinearModel.Read(folder.Path, Schema)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_threads_nor_the_start_nor_the_optimiser_change_the_answer()
    {
        var (features, labelled) = Data(5000, seed: 5);
        var inputs = LinearInputs.Fit(Schema, features);
        var matrix = new FeatureMatrix(features.Rows, inputs.Count);
        for (var i = 0; i < features.Rows; i++)
            inputs.Fill(features[i], matrix[i]);
        (int, double)[] rows = [.. Enumerable.Range(0, features.Rows).Select(i => (i, 1.0))];
        var trainer = new LinearTrainer(new LinearOptions { L2 = 50 }, inputs.Differences);

        var one = trainer.Fit(matrix, labelled.Targets, rows);
        var warm = trainer.Fit(matrix, labelled.Targets, rows, one);
        Assert.All(one.Values.ToArray().Zip(warm.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 0.002));

        var folds = Fit(features, labelled, l2: 50, threads: 2);
        Assert.Equal(folds.OutOfFold, Fit(features, labelled, l2: 50, threads: 1).OutOfFold);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(one.Predict(matrix[i]).A, folds.Model.Predict(features[i]).A, 0.001));
    }

    [Fact]
    public void A_blend_adds_up_weighted_log_odds()
    {
        var (trees, linear) = (new Preference(0.6, 0.1, 0.3), new Preference(0.2, 0.3, 0.5));
        var blend = Blend.Of(trees, linear, 0.25);
        Assert.Equal((0.75 * Math.Log(6)) + (0.25 * Math.Log(2.0 / 3)), Math.Log(blend.A / blend.B), 9);
        Assert.Equal(blend, Blend.Of(trees.Swapped(), linear.Swapped(), 0.25).Swapped());
        Assert.Equal(trees.A, Blend.Of(trees, linear, 0).A, 12);
    }

    private static Preference Truth(float x) => Preference.FromScores(x, -x, 1 - (2 * Math.Abs(x)));

    private static LinearModelFolds Fit(FeatureMatrix features, LabelledBattles labelled, double l2, int threads = 2) => LinearModelFolds.Fit(
        new LinearOptions { L2 = l2 },
        new TrainingJob
        {
            Battles = labelled,
            Folds = [.. Enumerable.Range(0, features.Rows).Select(i => i % 2)],
            FoldCount = 2,
            Placement = new() { Threads = threads },
        },
        features, Schema, CancellationToken.None);

    private static (FeatureMatrix Features, LabelledBattles Labelled) Data(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var features = new FeatureMatrix(count, 4);
        var battles = new Battle[count];
        for (var i = 0; i < count; i++)
        {
            var x = (float)((2 * random.NextDouble()) - 1);
            (features[i][0], features[i][1], features[i][2], features[i][3]) =
                (x, (float)random.NextDouble(), (float)random.NextDouble() - 0.5f, 7);
            battles[i] = new Battle { Id = $"{i}", Turns = [new Turn($"prompt {i}", "a", "b")], SoftLabel = Truth(x) };
        }

        return (features, new LabelledBattles(battles));
    }
}
