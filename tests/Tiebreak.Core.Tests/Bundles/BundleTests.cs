using System.Text.Json.Nodes;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Bundles;

public sealed class BundleTests
{
    private static readonly JudgeRegistry Registry = new([new PriorJudgeFormat()]);

    [Fact]
    public async Task A_trained_judge_opens_and_says_the_same()
    {
        using var folder = new TemporaryFolder();
        var outcome = await TrainAsync(folder["judge"]);
        await using var bundle = await Bundle.OpenAsync(folder["judge"], Registry);

        Assert.Equal("priors", bundle.Manifest.Kind);
        Assert.Equal(outcome.Manifest.Priors, bundle.Manifest.Priors);
        Assert.Equal(outcome.Result.LogLoss, (double)bundle.Manifest.Validation["log_loss"]!);
        var preferences = await bundle.Judge.JudgeAsync(SyntheticBattles.Create(3));
        Assert.All(preferences, preference => Assert.Equal(preference.A, preference.B));
    }

    [Fact]
    public async Task The_same_training_writes_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        await TrainAsync(folder["one"]);
        await TrainAsync(folder["two"]);
        foreach (var file in Directory.GetFiles(folder["one"]))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(folder["two"], Path.GetFileName(file))));
    }

    [Fact]
    public async Task Every_flipped_byte_of_every_file_is_noticed()
    {
        using var folder = new TemporaryFolder();
        await TrainAsync(folder["judge"]);
        var path = Path.Combine(folder["judge"], "check.jsonl");
        var bytes = await File.ReadAllBytesAsync(path);
        foreach (var position in new[] { 0, bytes.Length / 2, bytes.Length - 1 })
        {
            var damaged = bytes.ToArray();
            damaged[position] ^= 1;
            await File.WriteAllBytesAsync(path, damaged);
            var error = await Assert.ThrowsAsync<InputException>(() => Bundle.OpenAsync(folder["judge"], Registry));
            Assert.Contains("check.jsonl", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_judge_that_no_longer_says_what_it_said_is_refused()
    {
        using var folder = new TemporaryFolder();
        await TrainAsync(folder["judge"]);
        EditManifest(folder["judge"], manifest => manifest["priors"] = new JsonArray(0.2, 0.2, 0.6));

        var error = await Assert.ThrowsAsync<InputException>(() => Bundle.OpenAsync(folder["judge"], Registry));
        Assert.Contains("does not reproduce itself", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"kind":"giant"}""", "no judges of kind \"giant\"")]
    [InlineData("""{"format_version":2}""", "version 2")]
    [InlineData("""{"labels":["B","A","tie"]}""", "labels")]
    [InlineData("""{"temperature":0}""", "temperature")]
    [InlineData("""{"calibration":[{"method":"binned_temperature","by":"Turns","edges":[2,4],"temperatures":[1]}]}""", "calibration")]
    [InlineData("""{"calibration":[null]}""", "calibration")]
    [InlineData("""{"calibration":[{"method":"post_rules","rules":[null],"prior_rows":20}]}""", "calibration")]
    [InlineData("""{"calibration":[{"method":"magic"}]}""", "damaged")]
    [InlineData("""{"files":{"../evil":{"bytes":1,"sha256":"00"}}}""", "outside the bundle")]
    [InlineData("""{"labels":null}""", "damaged")]
    [InlineData("""{"priors":"many"}""", "damaged")]
    [InlineData("""{"files":{}}""", "check.jsonl")]
    [InlineData("""{"files":{"lost":{"bytes":1,"sha256":"00"}}}""", "lost is missing")]
    public async Task An_impossible_manifest_is_refused_with_the_reason(string change, string reason)
    {
        using var folder = new TemporaryFolder();
        await TrainAsync(folder["judge"]);
        EditManifest(folder["judge"], manifest =>
        {
            foreach (var (key, value) in JsonNode.Parse(change)!.AsObject())
                manifest[key] = value?.DeepClone();
        });

        var error = await Assert.ThrowsAsync<InputException>(() => Bundle.OpenAsync(folder["judge"], Registry));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_no_bundle_is_neither_opened_nor_overwritten()
    {
        using var folder = new TemporaryFolder();
        folder.Write("precious.txt", "keep me");

        Assert.Contains(
            "judge.json",
            (await Assert.ThrowsAsync<InputException>(() => Bundle.OpenAsync(folder.Path, Registry))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "not overwritten", (await Assert.ThrowsAsync<InputException>(() => TrainAsync(folder.Path))).Message, StringComparison.Ordinal);
        Assert.Equal("keep me", File.ReadAllText(folder["precious.txt"]));
    }

    private static Task<TrainingOutcome> TrainAsync(string folder) => new JudgeTraining
    {
        Trainer = new PriorJudgeFormat().CreateTrainer(new Recipe("priors", [])),
        Kind = "priors",
        Out = folder,
        Data = [new DataFingerprint("train.csv", 200, "00")],
    }.RunAsync(new LabelledBattles(SyntheticBattles.Create(200)));

    private static void EditManifest(string folder, Action<JsonObject> edit)
    {
        var path = Path.Combine(folder, Bundle.ManifestName);
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        edit(manifest);
        File.WriteAllText(path, manifest.ToJsonString());
    }
}
