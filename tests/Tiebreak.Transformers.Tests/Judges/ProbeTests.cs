using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;
using Tiebreak.Testing;
using Tiebreak.Transformers.Judges.Readings;

namespace Tiebreak.Transformers.Tests.Judges;

/// <summary>A logistic model over frozen states: what was planted is found, the sides are equal, and the penalty is chosen by folds.</summary>
public sealed class ProbeTests : IDisposable
{
    private const int Hidden = 6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Planted_weights_are_found_again()
    {
        var (states, targets) = Votes(20_000, seed: 3);
        var found = ProbeFit.Of(states, targets, penalty: 1);
        for (var k = 0; k < Hidden; k++)
        {
            Assert.Equal(Planted.Ahead[k], found.Ahead[k], 0.1);
            Assert.Equal(Planted.Gap[k], found.Gap[k], 0.15);
            Assert.Equal(Planted.Middle[k], found.Middle[k], 0.1);
        }

        Assert.Equal(Planted.Tie, found.Tie, 0.15);
    }

    [Fact]
    public void Exchanging_the_sides_exchanges_A_and_B_and_nothing_else()
    {
        var (states, targets) = Votes(300, seed: 4);
        var probe = new ProbeReading(ProbeFit.Of(states, targets, penalty: 10), penalty: null);
        foreach (var state in states)
        {
            var (shown, exchanged) = (probe.Read(state), probe.Read([.. state[Hidden..], .. state[..Hidden]]).Swapped());
            Assert.Equal(shown.A, exchanged.A, 1e-12);
            Assert.Equal(shown.Tie, exchanged.Tie, 1e-12);
        }
    }

    /// <summary>States that say nothing get the strongest penalty, and the loss of the shares of outcomes; states that say much a weak one.</summary>
    [Fact]
    public void The_penalty_is_chosen_by_what_held_out_folds_say()
    {
        var (states, targets) = Votes(4_000, seed: 5);
        var strong = Fit(states, targets);
        Assert.True(((ProbeReading)strong.Final).Parameters.Probe!.Penalty <= 300);
        Assert.InRange(Loss(strong, states, targets), 0, targets.Average(target => LogLoss.Of(Preference.Uniform, target)) - 0.1);

        float[][] noise = [.. states.Select((_, i) => states[(i * 7 + 11) % states.Length])];
        var weak = Fit(noise, targets);
        Assert.True(((ProbeReading)weak.Final).Parameters.Probe!.Penalty >= 10_000);
        var shares = new Preference(targets.Average(t => t.A), targets.Average(t => t.B), targets.Average(t => t.Tie));
        Assert.Equal(targets.Average(target => LogLoss.Of(shares, target)), Loss(weak, noise, targets), 0.005);
    }

    [Fact]
    public void The_number_of_threads_does_not_matter()
    {
        var (states, targets) = Votes(200, seed: 6);
        var votes = new ScoredVotes(states, null, targets);
        int[] folds = [.. Enumerable.Range(0, 200).Select(i => i % 4)];
        var (one, other) = (Start.FitFolds(votes, folds, 4, threads: 1), Start.FitFolds(votes, folds, 4, threads: 3));
        Assert.Equal(one.Final.Parameters.Probe!.Ahead, other.Final.Parameters.Probe!.Ahead);
        Assert.All(one.OfFold.Zip(other.OfFold), pair => Assert.Equal(
            pair.First.Parameters.Probe!.Gap, pair.Second.Parameters.Probe!.Gap));
    }

    [Theory]
    [InlineData("mean")]
    [InlineData("token")]
    public async Task The_bundle_keeps_the_pooling_and_the_penalty(string pooling)
    {
        var recipe = Recipe();
        (recipe["pooling"], recipe["l2"]) = (pooling, 500);
        var outcome = await JudgeBundles.TrainAsync(_folder["judge"], recipe);
        Assert.Equal(500, (double)outcome.Manifest.Training!["l2"]!);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        Assert.Equal(pooling, (string)bundle.Manifest.Recipe["pooling"]!);
        Assert.True(bundle.OneOrder.Traits.IsSymmetric);
    }

    [Theory]
    [InlineData("pooling", "last", "must be one of mean, token")]
    [InlineData("l2", "-1", "\"l2\" is out of range")]
    public async Task A_recipe_that_makes_no_sense_is_refused(string key, string value, string said)
    {
        var recipe = Recipe();
        recipe[key] = key is "l2" ? JsonNode.Parse(value) : value;
        var error = await Assert.ThrowsAsync<InputException>(() => JudgeBundles.TrainAsync(_folder["judge"], recipe));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_of_a_probe_are_for_probes()
    {
        var recipe = Recipe();
        (recipe["head"], recipe["l2"]) = ("classifier", 1);
        var error = await Assert.ThrowsAsync<InputException>(() => JudgeBundles.TrainAsync(_folder["judge"], recipe));
        Assert.Contains("for the head \"probe\" only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_changes_no_weights()
    {
        var recipe = Recipe();
        recipe["tuning"] = new JsonObject { ["method"] = "full" };
        var error = await Assert.ThrowsAsync<InputException>(() => JudgeBundles.TrainAsync(_folder["judge"], recipe));
        Assert.Contains("leave the section \"tuning\" out", error.Message, StringComparison.Ordinal);
    }

    private static ProbeWeights Planted { get; } = new([1, -0.5, 0, 0, 0.3, 0], [0, 0, -0.8, 0, 0, 0.4], [0.5, 0, 0, -0.5, 0, 0], -0.3, 0);

    private static ProbeReading Start { get; } = new(ProbeWeights.None, penalty: null);

    private static FoldReadings Fit(float[][] states, Preference[] targets) =>
        Start.FitFolds(new ScoredVotes(states, null, targets), [.. Enumerable.Range(0, states.Length).Select(i => i % 5)], 5, threads: 2);

    private static double Loss(FoldReadings fitted, float[][] states, Preference[] targets) =>
        Enumerable.Range(0, states.Length).Average(i => LogLoss.Of(fitted.OfFold[i % 5].Read(states[i]), targets[i]));

    private static (float[][] States, Preference[] Targets) Votes(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var planted = new ProbeReading(Planted, penalty: null);
        var (states, targets) = (new float[count][], new Preference[count]);
        for (var i = 0; i < count; i++)
        {
            states[i] = new float[2 * Hidden];
            for (var k = 0; k < states[i].Length; k++)
                states[i][k] = (float)((4 * random.NextDouble()) - 2);
            var (p, at) = (planted.Read(states[i]), random.NextDouble());
            targets[i] = Preference.Certain(at < p.A ? Outcome.A : at < p.A + p.B ? Outcome.B : Outcome.Tie);
        }

        return (states, targets);
    }

    private JsonObject Recipe() => new() { ["model"] = TinyModel.Deberta(_folder), ["head"] = "probe", ["max_tokens"] = 96 };
}
