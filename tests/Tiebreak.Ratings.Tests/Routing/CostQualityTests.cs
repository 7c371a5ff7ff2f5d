using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Routing;
using Tiebreak.Testing;

namespace Tiebreak.Ratings.Tests.Routing;

public sealed class CostQualityTests
{
    private static readonly PlantedBattles Planted = new(effect: 2);

    internal static IReadOnlyList<ModelCost> Prices { get; } =
    [
        new() { Model = PlantedBattles.Strong, PerAnswer = 10 }, new() { Model = "coder-1", PerAnswer = 2 },
        new() { Model = "poet-1", PerAnswer = 1.5 }, new() { Model = "tiny-1", PerAnswer = 1 },
    ];

    private static RoutingCosts Costs { get; } = RoutingCosts.Of(Prices, PlantedBattles.Strong, RoutingObjective.Cost);

    // The predictor is far too hopeful; votes correct it.
    [Fact]
    public void Quality_is_right_although_the_predictor_is_wrong()
    {
        var (inside, total) = (0, 0);
        for (var run = 0; run < 60; run++)
        {
            var battles = new LabelledBattles(Planted.Create(600, seed: (ulong)(100 + run)));
            var sample = RoutingSample.Of(battles, _ => new KindPredictor(2, usesPrompts: true, error: 1.5), Costs);
            foreach (var threshold in (double[])[0.3, 0.75, 0.9])
            {
                var choices = sample.Choose(threshold);
                var truth = Truth(battles, choices);
                var estimate = sample.Estimate(choices);
                total++;
                inside += truth >= estimate.QualityInterval.Lower && truth <= estimate.QualityInterval.Upper ? 1 : 0;
            }
        }

        Assert.InRange((double)inside / total, 0.90, 1);
    }

    [Fact]
    public void Ends_of_the_curve_are_the_cheapest_model_and_the_reference()
    {
        var battles = new LabelledBattles(Planted.Create(500));
        var curve = CostQualityCurve.Measure(
            battles, _ => new KindPredictor(2, usesPrompts: true), _ => new KindPredictor(2, usesPrompts: false), Costs, [0, 0.5, 1.0]);
        Assert.Equal("tiny-1", curve.Cheapest);
        Assert.Equal(0.1, curve.Points[0].Estimate.CostShare, 9);
        Assert.Equal(0, curve.Points[0].Estimate.ReferenceShare);
        Assert.Equal(0, curve.Points[0].Gain, 9);
        Assert.Equal(curve.Always[3].Estimate.Quality, curve.Points[0].Estimate.Quality, 9);
        Assert.Equal(
            (1.0, 1.0, 1.0),
            (curve.Points[2].Estimate.CostShare, curve.Points[2].Estimate.ReferenceShare, curve.Points[2].Estimate.Quality));
        Assert.Equal(0, curve.Points[2].Gain, 9);
    }

    [Fact]
    public void Looking_at_prompts_pays_where_they_matter()
    {
        var battles = new LabelledBattles(Planted.Create(4000));
        var curve = CostQualityCurve.Measure(
            battles, _ => new KindPredictor(2, usesPrompts: true), _ => new KindPredictor(2, usesPrompts: false), Costs);
        Assert.Contains(curve.Points, point => point.GainInterval.Lower > 0.05);

        // Code and poems go to the specialists, the rest to the strong model: dearer than one specialist for everything, and better.
        var (policy, specialist) = (curve.Points.Single(point => point.Threshold == 0.75).Estimate, curve.Always[1].Estimate);
        Assert.InRange(policy.ReferenceShare, 0.3, 0.7);
        Assert.True(policy.QualityInterval.Lower > specialist.QualityInterval.Upper);
    }

    [Fact]
    public void Estimates_do_not_depend_on_the_order_of_rows() => Gen.Int[0, 1000].Sample(
        seed =>
        {
            var battles = Planted.Create(120, (ulong)seed).ToArray();
            var shuffled = battles.ToArray();
            var random = new SeededRandom((ulong)seed);
            random.Shuffle<Battle>(shuffled);
            var (one, other) = (Estimate(battles), Estimate(shuffled));
            Assert.Equal(one.Quality, other.Quality, 9);
            Assert.Equal(one.QualityInterval.Lower, other.QualityInterval.Lower, 9);
            Assert.Equal(one.Cost, other.Cost, 9);
        },
        iter: 20);

    // Few votes that agree say little.
    [Fact]
    public void One_vote_is_no_certainty()
    {
        Battle Vote(string id, string prompt, string a, string b) =>
            new() { Id = id, Turns = [new Turn(prompt, "", "")], ModelA = a, ModelB = b, Verdict = Verdict.A };
        var battles = new LabelledBattles(
            [Vote("1", "p", "tiny-1", PlantedBattles.Strong), Vote("2", "q", "coder-1", "poet-1"), Vote("3", "r", "coder-1", "poet-1")]);
        var sample = RoutingSample.Of(battles, _ => new KindPredictor(2, usesPrompts: false), Costs);
        var estimate = sample.Estimate(sample.Always(3));
        Assert.Equal(1, estimate.Votes);
        Assert.True(estimate.QualityInterval.Upper - estimate.QualityInterval.Lower > 0.5);
        var unseen = sample.Estimate(sample.Always(1));
        Assert.Equal((0, 1.0), (unseen.Votes, unseen.UnseenShare));
        Assert.Equal((0.0, 1.0), (unseen.QualityInterval.Lower, unseen.QualityInterval.Upper));
    }

    // Of single rows the interval is Student's.
    [Fact]
    public void Intervals_of_single_rows_are_Students()
    {
        double[] values = [1, 2, 4, 7];
        var (mean, interval) = ClusteredMean.Of(values, [0, 1, 2, 3]);
        Assert.Equal(3.5, mean);
        Assert.Equal(3.1824 * Math.Sqrt(21.0 / 3 / 4), interval.Upper - mean, 1e-3);
        Assert.Equal(interval.Upper - mean, ClusteredMean.Of([.. values, .. values], [0, 1, 2, 3, 0, 1, 2, 3]).Interval.Upper - mean, 9);
    }

    private static RoutingEstimate Estimate(Battle[] battles)
    {
        var sample = RoutingSample.Of(new LabelledBattles(battles), _ => new KindPredictor(2, usesPrompts: true, error: 0.5), Costs);
        return sample.Estimate(sample.Choose(0.6));
    }

    private static double Truth(LabelledBattles battles, int[] choices) => choices.Select((choice, row) =>
    {
        if (choice == Costs.Reference)
            return 1;
        var preference = Planted.Truth(
            Costs.Models[choice].Model, PlantedBattles.Strong, KindPredictor.KindOf(battles.Battles[row].Turns[0].Prompt));
        return preference.A + preference.Tie;
    }).Average();
}
