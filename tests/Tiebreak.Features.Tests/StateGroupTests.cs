using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Randomness;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Features.States;
using Tiebreak.Testing;

namespace Tiebreak.Features.Tests;

/// <summary>Battles whose verdicts follow from two directions of their states and from nothing in their texts.</summary>
public sealed class StateGroupTests
{
    private const int Size = 48;
    private static readonly JudgeRegistry Registry = new([new FeatureJudgeFormat()]);

    [Fact]
    public async Task A_judge_learns_from_states_what_no_text_says_and_stays_symmetric()
    {
        using var folder = new TemporaryFolder();
        var outcome = await TrainAsync(folder["judge"], Battles(600, seed: 1));
        Assert.True(outcome.Baselines.Single(baseline => baseline.Name is "class shares").DifferenceInterval.Upper < -0.1);
        Assert.True((double)outcome.Manifest.Training!["group_importances"]!["states"]! > 0.5);

        await using var bundle = await Bundle.OpenAsync(folder["judge"], Registry); // its check rows hold states
        var fresh = Battles(200, seed: 2);
        var judged = await bundle.Judge.JudgeAsync(fresh);
        var swapped = await bundle.Judge.JudgeAsync([.. fresh.Select(battle => battle.Swapped())]);
        Assert.All(judged.Zip(swapped), pair => Assert.Equal(pair.First.A, pair.Second.B, 12));
        Assert.True(new LabelledBattles(fresh).Targets.Zip(judged).Count(pair => pair.First.Top == pair.Second.Top) > 120);
    }

    [Fact]
    public async Task Battles_without_states_or_with_those_of_another_model_are_refused_with_the_way_out()
    {
        using var folder = new TemporaryFolder();
        var battles = Battles(100, seed: 3);
        await TrainAsync(folder["judge"], battles);
        await using var bundle = await Bundle.OpenAsync(folder["judge"], Registry);
        var without = await Assert.ThrowsAsync<InputException>(() => bundle.Judge.JudgeAsync([battles[0] with { States = null }]));
        Assert.Contains("`states` FILE", without.Message, StringComparison.Ordinal);
        var other = await Assert.ThrowsAsync<InputException>(() =>
            bundle.Judge.JudgeAsync([battles[0] with { States = new PooledStates([1], [1], [1], null) }]));
        Assert.Contains("same model", other.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InputException>(() =>
            TrainAsync(folder["other"], [.. battles.Skip(1), battles[0] with { States = null }]));
    }

    [Fact]
    public void The_components_are_the_directions_of_most_variance_at_unit_scale()
    {
        var random = new SeededRandom(4);
        IReadOnlyList<float>[] vectors = [.. Enumerable.Range(0, 500).Select(_ =>
        {
            var values = Enumerable.Range(0, Size).Select(_ => 5 + (0.1f * (float)random.NextDouble())).ToArray();
            values[7] += 30 * ((float)random.NextDouble() - 0.5f);
            values[11] += 10 * ((float)random.NextDouble() - 0.5f);
            return values;
        })];
        var components = PrincipalComponents.Fit(vectors, 2, seed: 0, threads: 2);
        var projected = vectors.Select(vector =>
        {
            var target = new float[2];
            components.Project(vector, target);
            return target;
        }).ToArray();
        Assert.Equal(1, projected.Average(values => values[0] * values[0]), 0.01);
        Assert.Equal(1, projected.Average(values => values[1] * values[1]), 0.01);
        Assert.True(Math.Abs(Correlation(projected, vectors, 0, 7)) > 0.99);
        Assert.True(Math.Abs(Correlation(projected, vectors, 1, 11)) > 0.98);
    }

    private static double Correlation(float[][] projected, IReadOnlyList<float>[] vectors, int component, int place)
    {
        var mean = vectors.Average(vector => vector[place]);
        var deviation = Math.Sqrt(vectors.Average(vector => Math.Pow(vector[place] - mean, 2)));
        return projected.Zip(vectors, (values, vector) => values[component] * (vector[place] - mean) / deviation).Average();
    }

    private static Battle[] Battles(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                float[] Noise() => [.. Enumerable.Range(0, Size).Select(_ => (float)random.NextDouble() - 0.5f)];
                var (prompt, a, b) = (Noise(), Noise(), Noise());
                a[3] *= 6;
                b[3] *= 6;
                var ahead = a[3] - b[3];
                var verdict = Math.Abs(ahead) < 0.7 ? Verdict.Tie : ahead > 0 ? Verdict.A : Verdict.B;
                return new Battle
                {
                    Id = $"{seed}-{i}",
                    Turns = [new Turn($"prompt {seed} {i}", "one text", "one text")],
                    Verdict = verdict,
                    States = new PooledStates(prompt, a, b, Noise()),
                };
            }),
        ];
    }

    private static Task<TrainingOutcome> TrainAsync(string folder, Battle[] battles) => new JudgeTraining
    {
        Trainer = new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", JsonNode.Parse(
            """{"features":{"states":true,"terms":false},"boosting":{"rounds":100,"patience":20,"min_rows_in_leaf":10},"states":{"components":8}}""")!
            .AsObject())),
        Kind = "feature",
        Out = folder,
        Data = [],
        Placement = new() { Threads = 2 },
    }.RunAsync(new LabelledBattles(battles));
}
