using System.Text.Json;
using Tiebreak.App.Training;
using Tiebreak.Core;
using Tiebreak.Core.Training;
using Tiebreak.Reports.Documents;
using Tiebreak.Testing;

namespace Tiebreak.App.Tests.Training;

/// <summary>The course of a training, read from the log of its work folder.</summary>
public sealed class TrainingStatusTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Curves_hold_every_run_and_of_a_repeated_step_the_last()
    {
        var log = Begin();
        Step(log, "fold 1 of 2", 1, loss: 1.5);
        Step(log, "fold 1 of 2", 2, loss: 9);
        Step(log, "fold 1 of 2", 2, loss: 1.1);
        log.Report(TrainingEvent.Now("fold 1 of 2: evaluated", ("step", 2), ("log_loss", 1.05)));
        Step(log, "the judge", 1, loss: 1.4);

        var status = ReadTrainingStatus.Of(_folder["work"]);
        Assert.Equal(["fold 1 of 2", "the judge"], status.Curves.Select(curve => curve.Run));
        Assert.Equal([1.5, 1.1], status.Curves[0].Points.Select(point => point.LogLoss));
        Assert.Equal(new EvaluatedStep(2, 1.05), Assert.Single(status.Curves[0].Evaluations));
        Assert.Equal((10.0, 0.5, false), (status.StepsOfRun, status.HoursLeft, status.Ended));

        var page = HtmlDocument.Render(status);
        Assert.Contains("Log loss, fold 1 of 2", page, StringComparison.Ordinal);
        Assert.Contains("Step 1 of 10 (the judge), 300 MB of memory; this run would end in 0.00:30:00.", page, StringComparison.Ordinal);
        var json = JsonSerializer.SerializeToElement(status, AppJson.Default.TrainingStatusDocument);
        Assert.Equal(1e-4, json.GetProperty("curves")[1].GetProperty("points")[0].GetProperty("learning_rate").GetDouble());
    }

    [Fact]
    public void A_long_run_becomes_a_hundred_points_whose_mean_is_its_own()
    {
        var recorder = new CurveRecorder();
        foreach (var step in Enumerable.Range(1, 5000))
            Step(recorder, "the judge", step, loss: step);
        var curve = Assert.Single(recorder.Curves);
        Assert.Equal((5000, 100, 5000), (curve.Steps, curve.Points.Count, curve.Points[^1].Step));
        Assert.Equal(2500.5, curve.Points.Average(point => point.LogLoss), 9);
    }

    [Theory]
    [InlineData("falls", null)]
    [InlineData("sways", null)]
    [InlineData("rises", "the judge: the loss rises: 1.0600 in the first quarter of the steps, 1.3600 in the last.")]
    [InlineData("breaks", "the judge: the loss is no finite number at step 30; the training has diverged. A lower learning rate or")]
    [InlineData("overfits", "the judge: the loss on new battles rises: 0.9000 after 10 steps, 1.1000 after 30. It learns")]
    public void What_goes_wrong_is_told_while_it_does(string course, string? alarm)
    {
        var recorder = new CurveRecorder();
        for (var step = 1; step <= 40; step++)
        {
            Step(recorder, "the judge", step, loss: course switch
            {
                "rises" => 0.9 + (step / 100.0) + 0.005,
                "sways" => 1.09 + (0.05 * Math.Sin(step * step)),
                "breaks" when step == 30 => double.NaN,
                _ => 1.5 - (step / 100.0),
            });
        }

        foreach (var (step, loss) in new[] { (10, 0.9), (20, 0.85), (30, course is "overfits" ? 1.1 : 0.8) })
        {
            recorder.Report(TrainingEvent.Now(
                "the judge: evaluated", ("step", step), ("log_loss", course is "overfits" && step == 20 ? 1.0 : loss)));
        }

        var alarms = CurveAlarms.Of(recorder.Curves);
        if (alarm is null)
            Assert.Empty(alarms);
        else
            Assert.StartsWith(alarm, Assert.Single(alarms), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_line_at_the_end_is_left_out_and_one_before_is_refused()
    {
        var log = Begin();
        log.Report(TrainingEvent.Now("written", ("bytes", 5)));
        File.AppendAllText(_folder["work/log.jsonl"], "{\"time\":");
        Assert.True(ReadTrainingStatus.Of(_folder["work"]).Ended);

        File.AppendAllText(_folder["work/log.jsonl"], "\n{}\n");
        var error = Assert.Throws<InputException>(() => ReadTrainingStatus.Of(_folder["work"]));
        Assert.Contains("line 2 is no event", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_work_is_refused()
    {
        var error = Assert.Throws<InputException>(() => ReadTrainingStatus.Of(_folder.Path));
        Assert.Contains("has no work of a training", error.Message, StringComparison.Ordinal);
    }

    private TrainingLog Begin()
    {
        _ = TrainingWork.Open(_folder["work"], new Dictionary<string, string>(StringComparer.Ordinal), resume: false);
        return new TrainingLog(_folder["work"], listener: null);
    }

    private static void Step(IProgress<TrainingEvent> log, string run, int step, double loss) => log.Report(TrainingEvent.Now(
        $"{run}: step",
        ("step", step), ("steps", 10), ("loss", loss + 0.1), ("log_loss", loss), ("learning_rate", 1e-4), ("tokens_per_second", 250),
        ("hours_left", 0.5), ("memory_mb", 300)));
}
