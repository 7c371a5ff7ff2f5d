using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Training;
using Tiebreak.Testing;
using Tiebreak.Transformers.Judges;

namespace Tiebreak.Transformers.Tests.Judges;

public sealed class ResumedTrainingTests : IDisposable
{
    private static readonly LabelledBattles Battles = new(SyntheticBattles.Create(60));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_training_that_was_stopped_goes_on_and_writes_the_same_files(bool isHoldout)
    {
        var training = Training(isHoldout ? new Holdout(0.3) : new CrossValidation(3));
        await training.RunAsync(Battles);

        await StopAsync(training, "judging", battles: 10);
        var first = new FileInfo(_folder["work/first-order.journal"]);
        Assert.InRange(first.Length, 1, 2_000);
        await StopAsync(training, "judging with A and B exchanged", battles: 70);
        first.Refresh();
        var finished = first.Length;
        using (var second = File.OpenWrite(_folder["work/second-order.journal"]))
            second.SetLength(second.Length - 5);

        await Resumed(training).RunAsync(Battles);

        first.Refresh();
        Assert.Equal(finished, first.Length);
        AssertSameFiles();
        var events = await File.ReadAllLinesAsync(_folder["work/log.jsonl"]);
        var last = events.Select(line => JsonNode.Parse(line)!)
            .Last(line => (string)line["what"]! is "judging with A and B exchanged: finished");
        Assert.InRange((double)last["numbers"]!["battles_from_before"]!, 1, 49);
        Assert.InRange((double)last["numbers"]!["loss"]!, 0.3, 3);
    }

    [Fact]
    public async Task Work_with_another_model_is_refused()
    {
        var training = Training(new CrossValidation(3));
        await StopAsync(training, "judging", battles: 10);
        _ = _folder.Write("gemma/tokenizer_config.json", "{}");

        var error = await Assert.ThrowsAsync<InputException>(() => Resumed(training).RunAsync(Battles));
        Assert.Contains("its model, adapter and tokenizer is ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_of_another_batch_is_refused()
    {
        var work = TrainingWork.Open(_folder["work"], new Dictionary<string, string>(StringComparer.Ordinal), resume: false);
        using (var written = new FinishedBatches(work.OpenJournal("outputs")))
            written.Add([[1, 2, 3], [4, 5, 6]]);

        using (var read = new FinishedBatches(work.OpenJournal("outputs")))
        {
            Assert.Equal([[1, 2, 3], [4, 5, 6]], read.TryTake(battles: 2));
            Assert.Null(read.TryTake(battles: 2));
        }

        using var other = new FinishedBatches(work.OpenJournal("outputs"));
        Assert.Throws<InputException>(() => other.TryTake(battles: 4));
    }

    private void AssertSameFiles()
    {
        var names = Directory.GetFiles(_folder["judge"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(names, Directory.GetFiles(_folder["again"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        foreach (var name in names)
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder["judge"], name)), File.ReadAllBytes(Path.Combine(_folder["again"], name)));
    }

    private JudgeTraining Training(Validation validation)
    {
        var format = new TransformerJudgeFormat();
        var recipe = new JsonObject
        {
            ["model"] = TinyModel.Gemma(_folder),
            ["head"] = "classifier",
            ["max_tokens"] = 384,
            ["batch_tokens"] = 600,
        };
        return new JudgeTraining
        {
            Trainer = format.CreateTrainer(new Recipe(format.Kind, recipe)),
            Kind = format.Kind,
            Out = _folder["judge"],
            Data = [],
            Validation = validation,
            Placement = new() { Threads = 2 },
        };
    }

    private JudgeTraining Resumed(JudgeTraining training) =>
        training with { Out = _folder["again"], WorkFolder = _folder["work"], Resume = true };

    private async Task StopAsync(JudgeTraining training, string stage, int battles)
    {
        using var stop = new CancellationTokenSource();
        var brake = new Brake(stage, battles, stop);
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Resumed(training).RunAsync(Battles, brake, stop.Token));
        Assert.False(Directory.Exists(_folder["again"]));
    }

    /// <summary>Cancels when a stage, counted with those before it, has judged a number of battles.</summary>
    private sealed class Brake(string stage, int battles, CancellationTokenSource stop) : IProgress<JobProgress>
    {
        public void Report(JobProgress value)
        {
            if (string.Equals(value.Stage, stage, StringComparison.Ordinal) && value.Done >= battles)
                stop.Cancel();
        }
    }
}
