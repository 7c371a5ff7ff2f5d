using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Training;
using Tiebreak.Features.Counted;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Testing;

namespace Tiebreak.Features.Tests;

public sealed class FeatureJudgeTests(TrainedFeatureJudge trained) : IClassFixture<TrainedFeatureJudge>
{
    private static readonly JudgeRegistry Registry = new([new FeatureJudgeFormat()]);

    [Fact]
    public void It_beats_the_class_shares_out_of_fold()
    {
        var shares = trained.Outcome.Baselines.Single(baseline => baseline.Name is "class shares");
        Assert.True(shares.DifferenceInterval.Upper < -0.1, $"{shares}");
    }

    [Fact]
    public async Task It_is_symmetric_and_independent_of_order_and_batch()
    {
        await using var bundle = await Bundle.OpenAsync(trained.Bundle, Registry);
        var battles = SyntheticBattles.Create(60, seed: 9);
        var together = await bundle.Judge.JudgeAsync(battles);

        var swapped = await bundle.Judge.JudgeAsync([.. battles.Select(battle => battle.Swapped())]);
        var reversed = await bundle.Judge.JudgeAsync([.. battles.Reverse()]);
        for (var i = 0; i < battles.Count; i++)
        {
            Assert.Equal(together[i].A, swapped[i].B, 12);
            Assert.Equal(together[i], reversed[battles.Count - 1 - i]);
            Assert.Equal(together[i], Assert.Single(await bundle.Judge.JudgeAsync([battles[i]])));
        }
    }

    [Fact]
    public async Task It_judges_what_is_missing_or_empty()
    {
        await using var bundle = await Bundle.OpenAsync(trained.Bundle, Registry);
        Battle[] battles =
        [
            new() { Id = "none", Turns = [] },
            new() { Id = "nulls", Turns = [new Turn(null, null, null)] },
            new() { Id = "huge", Turns = [new Turn("p", new string('x', 2_000_000), "")] },
        ];
        Assert.All(await bundle.Judge.JudgeAsync(battles), preference => Assert.True(preference.IsValid));
        Assert.Empty(await bundle.Judge.JudgeAsync([]));
    }

    [Fact]
    public async Task Many_threads_may_ask_at_once()
    {
        await using var bundle = await Bundle.OpenAsync(trained.Bundle, Registry);
        var battles = SyntheticBattles.Create(100, seed: 3);
        var expected = await bundle.Judge.JudgeAsync(battles);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => bundle.Judge.JudgeAsync(battles)));
        Assert.All(answers, answer => Assert.Equal(expected, answer));
    }

    [Fact]
    public async Task Threads_do_not_change_the_trained_judge()
    {
        using var folder = new TemporaryFolder();
        await TrainedFeatureJudge.TrainAsync(folder["judge"], threads: 1);
        Assert.All(
            Directory.GetFiles(trained.Bundle),
            file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(folder["judge"], Path.GetFileName(file)))));
    }

    [Fact]
    public async Task It_says_that_the_deciding_word_decided()
    {
        await using var bundle = await Bundle.OpenAsync(trained.Bundle, Registry);
        var battle = new Battle
        {
            Id = "x",
            Turns = [new Turn("Which?", "good good good tree river stone", "cloud lamp paper tree river stone")],
        };
        var reasons = await bundle.Judge.Traits.Explainer!.ExplainAsync(battle);

        // "good" counts twice: as a word of its own and as a positive word.
        Assert.Contains(reasons[0].Name, (string[])["terms model, A against B", "positive words, A against B"]);
        Assert.True(reasons[0].TowardsA > 0);
        Assert.True(reasons.Single(reason => reason.Name is "terms model, A against B").TowardsA > 0);
    }

    [Fact]
    public async Task Every_group_can_be_trained_saved_and_opened()
    {
        // What a bundle's check rows compare is every feature's way through its file.
        using var folder = new TemporaryFolder();
        var names = CountedFeatures.GroupNames.Concat(["terms", "characters", "word_classes", "vectors", "models"]);
        var options = JsonNode.Parse(
            """{"ablate":true,"boosting":{"rounds":30,"patience":10,"min_rows_in_leaf":10},"vectors":{"training_words":20000}}""")!
            .AsObject();
        options["features"] = new JsonObject(names.Select(name => KeyValuePair.Create(name, (JsonNode?)true)));
        var battles = SyntheticBattles.Create(200)
            .Select((battle, i) => battle with { ModelA = $"model-{i % 3}", ModelB = $"model-{(i + 1) % 3}" });
        var outcome = await new JudgeTraining
        {
            Trainer = new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", options)),
            Kind = "feature",
            Out = folder["judge"],
            Data = [],
            Validation = new CrossValidation(3),
            Placement = new() { Threads = 2 },
        }.RunAsync(new LabelledBattles([.. battles]));

        await using var bundle = await Bundle.OpenAsync(folder["judge"], Registry);
        var report = bundle.Manifest.Training!;
        Assert.Equal(
            names.Order(StringComparer.Ordinal),
            report["ablation"]!.AsArray().Select(row => (string)row!["without"]!).Order(StringComparer.Ordinal));
        Assert.Equal(1, report["group_importances"]!.AsObject().Sum(group => (double)group.Value!), 3);
        Assert.True(outcome.Baselines.Single(baseline => baseline.Name is "class shares").Difference < -0.05);
    }

    [Fact]
    public async Task A_holdout_is_judged_by_the_final_judge()
    {
        using var folder = new TemporaryFolder();
        var options = JsonNode.Parse("""{"boosting":{"rounds":30,"patience":10,"min_rows_in_leaf":10}}""")!.AsObject();
        var outcome = await new JudgeTraining
        {
            Trainer = new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", options)),
            Kind = "feature",
            Out = folder["judge"],
            Data = [],
            Validation = new Holdout(0.3),
            Calibrator = new(CalibrationMethod.None),
            Placement = new() { Threads = 2 },
        }.RunAsync(new LabelledBattles(SyntheticBattles.Create(250)));

        await using var bundle = await Bundle.OpenAsync(folder["judge"], Registry);
        var said = await bundle.Judge.JudgeAsync(outcome.Target.Battles);
        Assert.InRange(said.Length, 70, 80);
        Assert.All(said.Zip(outcome.OutOfFold), pair => Assert.Equal(pair.First.A, pair.Second.A, 1e-9));
        Assert.True(outcome.Baselines.Single(baseline => baseline.Name is "class shares").Difference < -0.05);
    }

    [Fact]
    public async Task Models_without_names_are_refused_with_the_way_out()
    {
        var options = JsonNode.Parse("""{"features":{"models":true}}""")!.AsObject();
        var trainer = new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", options));
        using var folder = new TemporaryFolder();
        var training = new JudgeTraining
        {
            Trainer = trainer,
            Kind = "feature",
            Out = folder["judge"],
            Data = [],
            Placement = new() { Threads = 2 },
        };
        var error = await Assert.ThrowsAsync<InputException>(() => training.RunAsync(new LabelledBattles(SyntheticBattles.Create(50))));
        Assert.Contains("features.models=false", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trees.txt")]
    [InlineData("terms.tsv")]
    public async Task A_flipped_byte_is_noticed(string name)
    {
        using var folder = new TemporaryFolder();
        trained.CopyTo(folder.Path);
        var path = folder[name];
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 3] ^= 4;
        await File.WriteAllBytesAsync(path, bytes);

        Assert.Contains(
            name,
            (await Assert.ThrowsAsync<InputException>(() => Bundle.OpenAsync(folder.Path, Registry))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_leaves_the_old_bundle_as_it_was()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["judge"]);
        trained.CopyTo(folder["judge"]);
        var before = await File.ReadAllBytesAsync(Path.Combine(folder["judge"], Bundle.ManifestName));
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            TrainedFeatureJudge.TrainAsync(folder["judge"], threads: 2, new CancelAt("growing trees on folds", stop), stop.Token));

        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(folder["judge"], Bundle.ManifestName)));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("""{"boosting":{"leaves":1}}""", "boosting.leaves")]
    [InlineData("""{"terms":{"l2":-1}}""", "terms.l2")]
    [InlineData("""{"boosting":{"leafs":8}}""", "boosting.leafs")]
    public void An_impossible_recipe_is_refused_before_any_data_is_read(string json, string key) =>
        Assert.Contains(
            key,
            Assert.Throws<InputException>(
                () => new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", JsonNode.Parse(json)!.AsObject()))).Message,
            StringComparison.Ordinal);

    private sealed class CancelAt(string stage, CancellationTokenSource stop) : IProgress<JobProgress>
    {
        public void Report(JobProgress value)
        {
            if (string.Equals(value.Stage, stage, StringComparison.Ordinal))
                stop.Cancel();
        }
    }
}
