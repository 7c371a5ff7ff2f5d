using System.Security.Cryptography;
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
    public async Task A_judge_whose_replacement_was_killed_between_two_renames_opens_as_it_was()
    {
        using var folder = new TemporaryFolder();
        await TrainAsync(folder["judge"]);
        Directory.Move(folder["judge"], $"{folder["judge"]}.{Guid.NewGuid():N}.old");

        await using var bundle = await Bundle.OpenAsync(folder["judge"], Registry);

        Assert.Equal("priors", bundle.Manifest.Kind);
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
    [InlineData("""{"format_version":3}""", "version 3")]
    [InlineData("""{"labels":["B","A","tie"]}""", "labels")]
    [InlineData("""{"temperature":0}""", "temperature")]
    [InlineData("""{"calibration":[{"method":"binned_temperature","by":"Turns","edges":[2,4],"temperatures":[1]}]}""", "calibration")]
    [InlineData("""{"calibration":[null]}""", "calibration")]
    [InlineData("""{"calibration":[{"method":"post_rules","rules":[null],"prior_rows":20}]}""", "calibration")]
    [InlineData("""{"calibration":[{"method":"magic"}]}""", "damaged")]
    [InlineData("""{"files":{"../evil":{"bytes":1,"sha256":"00"}}}""", "outside the judge bundle")]
    [InlineData("""{"files":{"/evil":{"bytes":1,"sha256":"00"}}}""", "outside the judge bundle")]
    [InlineData("""{"files":{"c:\\evil":{"bytes":1,"sha256":"00"}}}""", "outside the judge bundle")]
    [InlineData("""{"files":{"members/../../evil":{"bytes":1,"sha256":"00"}}}""", "outside the judge bundle")]
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

    [Fact]
    public async Task A_manifest_proves_itself_by_a_hash_that_sha256sum_reads()
    {
        using var folder = new TemporaryFolder();
        await TrainAsync(folder["judge"]);
        var (manifest, hash) = (Path.Combine(folder["judge"], "judge.json"), Path.Combine(folder["judge"], "judge.sha256"));
        var expected = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(manifest)));
        Assert.Equal($"{expected}  judge.json\n", await File.ReadAllTextAsync(hash));

        // Also where nothing else is verified, and also for a manifest that claims to be older.
        var text = await File.ReadAllTextAsync(manifest);
        foreach (var changed in new[] { ("\"seed\": 0", "\"seed\": 1"), ("\"format_version\": 2", "\"format_version\": 1") })
        {
            await File.WriteAllTextAsync(manifest, text.Replace(changed.Item1, changed.Item2, StringComparison.Ordinal));
            Assert.Contains("hash that judge.sha256 states", await RefusedAsync(), StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(manifest, text);
        File.Delete(hash);
        Assert.Contains("judge.sha256 is missing", await RefusedAsync(), StringComparison.Ordinal);

        async Task<string> RefusedAsync() => (await Assert.ThrowsAsync<InputException>(
            () => Bundle.OpenAsync(folder["judge"], Registry, verification: Verification.None))).Message;
    }

    [Fact]
    public async Task A_link_in_place_of_a_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        await TrainAsync(folder["judge"]);
        var path = Path.Combine(folder["judge"], "check.jsonl");
        File.Move(path, folder["elsewhere"]);
        File.CreateSymbolicLink(path, folder["elsewhere"]);

        var error = await Assert.ThrowsAsync<InputException>(() => Bundle.OpenAsync(folder["judge"], Registry));
        Assert.Contains("check.jsonl is a link", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_of_format_1_opens_with_a_notice()
    {
        using var folder = new TemporaryFolder();
        await TrainAsync(folder["judge"]);
        await using (var current = await Bundle.OpenAsync(folder["judge"], Registry))
            Assert.Null(current.Notice);

        EditManifest(folder["judge"], manifest => manifest["format_version"] = 1);
        File.Delete(Path.Combine(folder["judge"], "judge.sha256"));
        await using var old = await Bundle.OpenAsync(folder["judge"], Registry);
        Assert.Contains("has format 1", old.Notice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a note", "not a judge bundle")]
    [InlineData("a file", "is a file")]
    [InlineData("below a file", "note is a file")]
    public async Task A_place_that_cannot_be_written_is_found_before_training(string place, string said)
    {
        using var folder = new TemporaryFolder();
        folder.Write("note", "keep me");
        var path = place switch { "a note" => folder.Path, "a file" => folder["note"], _ => folder["note/judge"] };
        var trainer = new CountingTrainer();

        var training = new JudgeTraining { Trainer = trainer, Kind = "priors", Out = path, Data = [] };
        var error = await Assert.ThrowsAnyAsync<TiebreakException>(
            () => training.RunAsync(new LabelledBattles(SyntheticBattles.Create(50))));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, trainer.Trainings);
        Assert.Equal(["note"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Retraining_keeps_the_bundles_that_somebody_put_into_the_folder()
    {
        using var folder = new TemporaryFolder();
        await TrainAsync(folder["judge"]);
        await TrainAsync(folder["judge/fallback"]);
        Directory.CreateSymbolicLink(folder["judge/linked"], Directory.CreateDirectory(folder["elsewhere"]).FullName);

        await TrainAsync(folder["judge"]);

        await using (await Bundle.OpenAsync(folder["judge/fallback"], Registry))
            Assert.Equal(folder["elsewhere"], new DirectoryInfo(folder["judge/linked"]).LinkTarget);
        await using var retrained = await Bundle.OpenAsync(folder["judge"], Registry);
        Assert.DoesNotContain(retrained.Manifest.Files.Keys, name => name.Contains('/', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_rows_are_scored_only_where_caller_and_kind_want_it()
    {
        using var folder = new TemporaryFolder();
        await TrainAsync(folder["judge"]);
        EditManifest(folder["judge"], manifest => manifest["priors"] = new JsonArray(0.2, 0.2, 0.6));

        await using (await Bundle.OpenAsync(folder["judge"], Registry, verification: Verification.Hashes))
        {
        }

        await using (await Bundle.OpenAsync(folder["judge"], new JudgeRegistry([new PaidFormat()])))
        {
        }

        await Assert.ThrowsAsync<InputException>(() => Bundle.OpenAsync(folder["judge"], Registry));
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
        ProvenManifest.Write(path, manifest.ToJsonString());
    }

    private sealed class CountingTrainer : IJudgeTrainer
    {
        private readonly IJudgeTrainer _inner = new PriorJudgeFormat().CreateTrainer(new Recipe("priors", []));

        public int Trainings { get; private set; }

        public JsonObject ResolvedOptions => _inner.ResolvedOptions;

        public Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default)
        {
            Trainings++;
            return _inner.TrainAsync(job, cancellationToken);
        }
    }

    /// <summary>A kind whose every answer costs money.</summary>
    private sealed class PaidFormat : IJudgeFormat
    {
        private readonly PriorJudgeFormat _inner = new();

        public string Kind => _inner.Kind;

        public bool RescoresCheckRows => false;

        public IJudgeTrainer CreateTrainer(Recipe recipe) => _inner.CreateTrainer(recipe);

        public Task<IJudge> OpenAsync(BundleOpening opening, CancellationToken cancellationToken = default) =>
            _inner.OpenAsync(opening, cancellationToken);
    }
}
