using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Training;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Training;

public sealed class TrainingWorkTests : IDisposable
{
    private static readonly LabelledBattles Battles = new(SyntheticBattles.Create(60));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_journal_gives_back_what_was_appended_and_drops_a_torn_tail()
    {
        var work = TrainingWork.Open(_folder["work"], Depends("1"), resume: true);
        byte[][] records = [[1, 2, 3], [], [4, 5, 6, 7]];
        using (var journal = work.OpenJournal("outputs"))
        {
            foreach (var record in records)
                journal.Append(record);
        }

        var path = Path.Combine(_folder["work"], "outputs.journal");
        var whole = File.ReadAllBytes(path);
        var ends = new[] { 39, 75, 115 };
        Assert.Equal(ends[^1], whole.Length);
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            using var journal = work.OpenJournal("outputs");
            var expected = records.Take(ends.Count(end => end <= length)).ToArray();
            Assert.Equal(expected, journal.Finished);
            Assert.Equal(expected.Sum(record => 36 + record.Length), new FileInfo(path).Length);
        }
    }

    [Fact]
    public void A_record_whose_bytes_changed_ends_the_journal_and_new_ones_follow_the_good_ones()
    {
        var work = TrainingWork.Open(_folder["work"], Depends("1"), resume: false);
        using (var journal = work.OpenJournal("outputs"))
        {
            journal.Append([1]);
            journal.Append([2]);
        }

        var path = Path.Combine(_folder["work"], "outputs.journal");
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        using (var journal = work.OpenJournal("outputs"))
        {
            Assert.Equal([[1]], journal.Finished);
            journal.Append([3]);
        }

        using var again = work.OpenJournal("outputs");
        Assert.Equal([[1], [3]], again.Finished);
    }

    [Fact]
    public void Work_is_resumed_only_on_request_and_only_by_the_same_training()
    {
        TrainingWork.Open(_folder["work"], Depends("1"), resume: false).DependOn("base model", "abc");

        var unasked = Assert.Throws<InputException>(() => TrainingWork.Open(_folder["work"], Depends("1"), resume: false));
        Assert.Contains("has begun", unasked.Message, StringComparison.Ordinal);
        var other = Assert.Throws<InputException>(() => TrainingWork.Open(_folder["work"], Depends("2"), resume: true));
        Assert.Contains("its seed is 1, and now it is 2", other.Message, StringComparison.Ordinal);

        var resumed = TrainingWork.Open(_folder["work"], Depends("1"), resume: true);
        resumed.DependOn("base model", "abc");
        var model = Assert.Throws<InputException>(() => resumed.DependOn("base model", "def"));
        Assert.Contains("its base model is abc", model.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_other_files_and_a_damaged_manifest_are_refused()
    {
        _ = Directory.CreateDirectory(_folder["other"]);
        _ = _folder.Write("other/notes.txt", "mine");
        Assert.Contains(
            "holds other files",
            Assert.Throws<InputException>(() => TrainingWork.Open(_folder["other"], Depends("1"), resume: true)).Message,
            StringComparison.Ordinal);

        _ = _folder.Write("other/work.json", "{");
        Assert.Contains(
            "is damaged",
            Assert.Throws<InputException>(() => TrainingWork.Open(_folder["other"], Depends("1"), resume: true)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("seed")]
    [InlineData("validation")]
    [InlineData("data")]
    [InlineData("battles")]
    [InlineData("states")]
    public async Task A_training_that_differs_is_refused_with_what_differs(string what)
    {
        var training = Training() with { WorkFolder = _folder["work"] };
        await training.RunAsync(Battles);
        var (changed, battles, named) = what switch
        {
            "seed" => (training with { Seed = 7 }, Battles, "its seed is 0, and now it is 7"),
            "validation" => (training with { Validation = new Holdout(0.25) }, Battles, "is 5 folds, and now it is a hold-out of 0.25"),
            "data" => (training with { Data = [new DataFingerprint("other.csv", 60, "11")] }, Battles, "its data is "),
            "states" => (training, new LabelledBattles([.. Battles.Battles.Select(WithStates)]), "its sequence of battles is "),
            _ => (training, new LabelledBattles(SyntheticBattles.Create(60, seed: 9)), "its sequence of battles is "),
        };

        var error = await Assert.ThrowsAsync<InputException>(() => (changed with { Resume = true }).RunAsync(battles));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_logged_line_by_line_and_passed_on()
    {
        var heard = new List<TrainingEvent>();
        var training = Training() with { WorkFolder = _folder["work"], Log = new Listener(heard) };
        await training.RunAsync(Battles);
        Assert.Equal(["folds cut", "trained and validated", "calibrated", "written"], heard.Select(one => one.What));
        Assert.Equal(60, heard[0].Numbers["battles"]);

        var path = Path.Combine(_folder["work"], "log.jsonl");
        await File.AppendAllTextAsync(path, "{\"time\":");
        await (training with { Resume = true }).RunAsync(Battles);

        var lines = await File.ReadAllLinesAsync(path);
        Assert.Equal(heard.Select(one => one.What), lines.Select(line => (string)JsonNode.Parse(line)!["what"]!));
        Assert.Equal(heard.Select(one => one.Time), lines.Select(line => (DateTimeOffset)JsonNode.Parse(line)!["time"]!));
    }

    [Fact]
    public async Task A_holdout_with_work_gives_the_same_bundle_as_without_and_when_resumed()
    {
        var training = Training() with { Validation = new Holdout(0.5) };
        await training.RunAsync(Battles);
        var resumed = training with { Out = _folder["resumed"], WorkFolder = _folder["work"], Resume = true };
        for (var time = 0; time < 2; time++)
        {
            await resumed.RunAsync(Battles);
            foreach (var file in Directory.GetFiles(_folder["judge"]))
            {
                var other = Path.Combine(_folder["resumed"], Path.GetFileName(file));
                Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(other));
            }
        }
    }

    private static Battle WithStates(Battle battle) => battle with { States = new PooledStates(Prompt: null, null, null, Pair: [1, 2]) };

    private static Dictionary<string, string> Depends(string seed) => new(StringComparer.Ordinal) { ["seed"] = seed };

    private JudgeTraining Training() => new()
    {
        Trainer = new PriorJudgeFormat().CreateTrainer(new Recipe("priors", [])),
        Kind = "priors",
        Out = _folder["judge"],
        Data = [new DataFingerprint("train.csv", 60, "00")],
    };

    private sealed class Listener(List<TrainingEvent> events) : IProgress<TrainingEvent>
    {
        public void Report(TrainingEvent value) => events.Add(value);
    }
}
