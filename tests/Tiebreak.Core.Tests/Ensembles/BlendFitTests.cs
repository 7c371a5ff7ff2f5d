using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Ensembles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Numerics;
using Tiebreak.Core.Randomness;
using Tiebreak.Core.Tests.Calibration;

namespace Tiebreak.Core.Tests.Ensembles;

public sealed class BlendFitTests
{
    private static readonly Gen<Preference> Preferences = Gen.Select(Gen.Double[-3, 3], Gen.Double[-3, 3], Gen.Double[-3, 3])
        .Select(scores => Preference.FromScores(scores.Item1, scores.Item2, scores.Item3));

    [Theory]
    [InlineData(nameof(Pooling.Linear))]
    [InlineData(nameof(Pooling.Log))]
    public void No_other_weights_have_a_lower_loss(string pooling)
    {
        var pool = Enum.Parse<Pooling>(pooling);
        Gen.Select(Preferences.Array[60].Array[4], Preferences.Array[60]).Sample(
            (members, targets) =>
            {
                var labelled = Labelled(targets);
                var loss = new BlendLoss(pool, members, labelled);
                double[] centre = [0.25, 0.25, 0.25, 0.25];
                var weights = loss.Lowest(rows: null, centre, precision: 0.01);
                Assert.Equal(1, weights.Sum(), 1e-9);
                Assert.All(weights, weight => Assert.True(weight >= 0));

                double Of(double[] at) => (0.005 * at.Sum(weight => (weight - 0.25) * (weight - 0.25))) + Enumerable.Range(0, 60).Sum(
                    i => LogLoss.Of(pool.Pool([members[0][i], members[1][i], members[2][i], members[3][i]], at), targets[i]));
                var lowest = Of(weights);
                var random = new SeededRandom(1);
                for (var trial = 0; trial < 30; trial++)
                {
                    double[] other = [.. weights.Select(_ => -Math.Log(1 - random.NextDouble()))];
                    var sum = other.Sum();
                    var share = trial % 2 == 0 ? 1 : 0.01;
                    double[] near = [.. weights.Zip(other, (weight, drawn) => ((1 - share) * weight) + (share * drawn / sum))];
                    Assert.True(Of(near) >= lowest - 1e-9);
                }
            },
            iter: 40);
    }

    [Fact]
    public void Weights_that_are_held_at_zero_are_freed_again_where_they_are_worth_something()
    {
        // The quadratic with its lowest point on the simplex at (0, 0.3, 0.7); Newton's first step leaves the simplex.
        double[] lowest = [-0.5, 0.3, 0.7];
        double[] weights = SimplexNewton.Minimise(3, (at, gradient, hessian) =>
        {
            double[] curvature = [1, 50, 50];
            var loss = 0.0;
            for (var k = 0; k < 3; k++)
            {
                var off = at[k] - lowest[k];
                loss += curvature[k] / 2 * off * off;
                gradient[k] += curvature[k] * off;
                hessian[k, k] += curvature[k];
            }

            return loss;
        });
        Assert.Equal([0, 0.3, 0.7], weights.Select(weight => Math.Round(weight, 9)));
    }

    [Theory]
    [InlineData(nameof(Pooling.Linear))]
    [InlineData(nameof(Pooling.Log))]
    public void Two_half_informed_judges_are_better_together_and_noise_gets_no_weight(string pooling)
    {
        var pool = Enum.Parse<Pooling>(pooling);
        var (truth, labelled) = Planted.Create(2000, seed: 3);
        Preference[][] members = [Blurred(truth, seed: 4), Blurred(truth, seed: 5), Noise(truth.Length, seed: 6)];
        var blend = new BlendFit(pool).Of(members, labelled);
        Assert.True(blend.IsPossible);
        Assert.InRange(blend.Weights[0], 0.35, 0.65);
        Assert.InRange(blend.Weights[2], 0, 0.05);
        var loss = LossOf(BlendFit.Apply(blend, members, labelled.Battles), labelled);
        Assert.True(loss < Math.Min(LossOf(members[0], labelled), LossOf(members[1], labelled)) - 0.01);
    }

    [Fact]
    public void Members_that_say_the_same_share_their_weight_and_the_answer_does_not_depend_on_threads()
    {
        var (truth, labelled) = Planted.Create(500, seed: 5);
        var said = Blurred(truth, seed: 6);
        Preference[][] members = [said, said, Blurred(truth, seed: 7)];
        var fit = new BlendFit(Pooling.Linear);
        var blend = fit.Of(members, labelled);
        Assert.Equal(blend.Weights[0], blend.Weights[1], 1e-6);

        int[] folds = [.. Enumerable.Range(0, labelled.Count).Select(i => i % 5)];
        Assert.Equal(fit.CrossFit(members, labelled, folds, threads: 1), fit.CrossFit(members, labelled, folds, threads: 4));
    }

    [Fact]
    public void Bins_of_battles_get_the_weights_that_suit_them()
    {
        // The first judge knows battles of one turn, the second those of four.
        var turns = new Turn("prompt", "one", "other");
        var (truth, labelled) = Planted.Create(3000, seed: 7, i => i % 2 == 0 ? [turns] : [turns, turns, turns, turns]);
        var (blurred, noise) = (Blurred(truth, seed: 8), Noise(truth.Length, seed: 9));
        Preference[][] members =
        [
            [.. truth.Select((_, i) => i % 2 == 0 ? blurred[i] : noise[i])], [.. truth.Select((_, i) => i % 2 == 0 ? noise[i] : blurred[i])],
        ];
        var blend = new BlendFit(Pooling.Linear, BattleBins.Turns).Of(members, labelled);
        Assert.Equal(3, blend.BinWeights.Count);
        Assert.True(blend.BinWeights[0][0] > 0.65);
        Assert.True(blend.BinWeights[2][1] > 0.65);
        Assert.Equal(blend.Weights[0], blend.BinWeights[1][0], 1e-12); // no battle has two or three turns
        Assert.Equal([1.0], blend.Only([1]).BinWeights[0]);
    }

    [Fact]
    public void A_certain_member_does_not_decide_everything_and_a_swap_of_A_and_B_swaps_the_blend()
    {
        Gen.Select(Preferences, Preferences).Sample((one, other) =>
        {
            foreach (var pooling in Enum.GetValues<Pooling>())
            {
                var blend = Blend.Of(pooling, [2, 6]);
                Assert.Equal([0.25, 0.75], blend.Weights);
                var said = blend.Apply([one, other], battle: null);
                var swapped = blend.Apply([one.Swapped(), other.Swapped()], battle: null).Swapped();
                Assert.True(said.IsValid);
                Assert.Equal(said.A, swapped.A, 1e-12);
                Assert.Equal(said.Tie, swapped.Tie, 1e-12);
            }
        });
        var sure = Blend.Equal(Pooling.Log, 2).Apply([Preference.Certain(Outcome.A), Preference.Uniform], battle: null);
        Assert.True(sure is { IsValid: true, B: > 0 });
    }

    private static double LossOf(Preference[] said, LabelledBattles labelled) => LogLoss.PerRow(said, labelled.Targets).Average();

    private static Preference[] Blurred(Preference[] truth, ulong seed)
    {
        var random = new SeededRandom(seed);
        return
        [
            .. truth.Select(said => Preference.FromScores(
                Math.Log(said.A) + (2 * random.NextDouble()), Math.Log(said.B) + (2 * random.NextDouble()),
                Math.Log(said.Tie) + (2 * random.NextDouble()))),
        ];
    }

    private static Preference[] Noise(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        return
        [
            .. Enumerable.Range(0, count)
                .Select(_ => Preference.Normalised(0.1 + random.NextDouble(), 0.1 + random.NextDouble(), 0.5)),
        ];
    }

    private static LabelledBattles Labelled(Preference[] targets) => new(
        [.. targets.Select((target, i) => new Battle { Id = $"{i}", Turns = [new Turn($"prompt {i}", "one", "other")], SoftLabel = target })]);
}
