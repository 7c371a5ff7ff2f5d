using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tiebreak.App.Auditing;
using Tiebreak.App.Evaluating;
using Tiebreak.App.Predicting;
using Tiebreak.App.Recipes;
using Tiebreak.App.Submissions;
using Tiebreak.App.Training;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Reports.Documents;
using Tiebreak.Testing;

namespace Tiebreak.App.Tests;

/// <summary>A host without a terminal does the whole work: it gives its judge kinds and gets records.</summary>
public sealed class ApplicationTests : IDisposable
{
    private const int Rows = 60;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];
    private readonly List<string> _stages = [];
    private readonly JobContext _host;

    public ApplicationTests()
    {
        BattleWriter.WriteJsonl(_folder["train.jsonl"], SyntheticBattles.Create(Rows));
        BattleWriter.WriteKaggleTest(_folder["test.csv"], [.. SyntheticBattles.Create(Rows + 20).Skip(Rows)]);
        _host = new JobContext
        {
            Judges = new JudgeRegistry([new PriorJudgeFormat()]),
            Threads = 1,
            Progress = new Stages(_stages),
            OnWarning = _warnings.Add,
        };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_judge_is_trained_and_its_out_of_fold_metrics_come_back()
    {
        var trained = await TrainAsync();

        Assert.Equal(Rows, trained.Outcome.Result.Rows);
        Assert.Equal(Rows, (int)trained.Validation["rows"]!);
        Assert.True(File.Exists(Path.Combine(trained.Bundle, "judge.json")));
        Assert.Contains(trained.Sections(), section => section is TextTable { Title: "Metrics" });
        Assert.Contains("reading train.jsonl", _stages);
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(trained, AppJson.Default.TrainingDocument));
        Assert.Equal(
            ["bundle", "temperature", "validation", "training", "curves", "curves_folder"],
            json.RootElement.EnumerateObject().Select(pair => pair.Name));
    }

    [Fact]
    public async Task A_file_is_predicted_in_one_go_and_as_a_run_with_the_same_preferences()
    {
        var judge = (await TrainAsync()).Bundle;
        var prediction = await new PredictFile { Judge = judge, Data = _folder["test.csv"], Out = _folder["once.csv"] }
            .RunAsync(_host, TestContext.Current.CancellationToken);
        var run = await new PredictInRun
        {
            Judge = judge,
            Data = _folder["test.csv"],
            Out = _folder["run.csv"],
            Folder = _folder["run"],
        }.RunAsync(_host, TestContext.Current.CancellationToken);

        Assert.Equal((20, 20, true), (prediction.Rows, run.Rows, run.Complete));
        Assert.All(prediction.Preferences, preference => Assert.True(preference.IsValid));
        Assert.Null(prediction.Truncation); // priors read no tokens
        Assert.True(CheckSubmission.Run(prediction.Out, _folder["test.csv"]).Valid);
        Assert.Equal(File.ReadAllBytes(prediction.Out), File.ReadAllBytes(run.Out));
        var status = JsonSerializer.Serialize(ReadRunStatus.Of(run.Run), AppJson.Default.StatusDocument);
        Assert.Equal("first", Property(status, "passes", "pass"));
    }

    [Fact]
    public async Task An_evaluation_warns_of_battles_that_the_judge_has_seen()
    {
        var judge = (await TrainAsync()).Bundle;
        var evaluation = await new EvaluateJudge { Judge = judge, Data = [_folder["train.jsonl"]] }
            .RunAsync(_host, TestContext.Current.CancellationToken);

        Assert.Equal(Rows, evaluation.Rows);
        Assert.Contains(_warnings, warning => warning.Contains("was trained on", StringComparison.Ordinal));
        Assert.Contains("trained on the battle", HtmlDocument.Render(evaluation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_audit_finds_what_test_and_training_data_share()
    {
        BattleWriter.WriteKaggleTest(_folder["leak.csv"], [.. SyntheticBattles.Create(3)]);
        var audit = await new AuditData { Data = [_folder["train.jsonl"]], Test = [_folder["leak.csv"]] }
            .RunAsync(_host, TestContext.Current.CancellationToken);

        Assert.Equal(Rows + 3, audit.Rows);
        Assert.Equal(["train.jsonl", "leak.csv"], audit.Files.Select(file => file.File));
        Assert.Equal(3, audit.Findings["test_prompt_in_training_data"]);
        Assert.Equal(Rows, audit.Verdicts.Values.Sum());
        Assert.Contains("What it means", HtmlDocument.Render(audit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_training_judge_and_run_do_is_logged_and_counted()
    {
        using var observer = new Observer();
        var host = _host with { LoggerFactory = observer };
        var judge = (await TrainAsync(host)).Bundle;
        await new PredictInRun { Judge = judge, Data = _folder["test.csv"], Out = _folder["run.csv"], Folder = _folder["run"] }
            .RunAsync(host, TestContext.Current.CancellationToken);
        await new EvaluateJudge { Judge = judge, Data = [_folder["train.jsonl"]] }.RunAsync(host, TestContext.Current.CancellationToken);

        string[] expected =
        [
            "Training a judge of kind priors on 60 battles, 5 folds, on cpu",
            "Training: calibrated. log_loss ",
            $"Opened a judge of kind priors from {judge} on cpu",
            $"Run {_folder["run"]} began: 20 battles",
            "A judge of kind priors answered 20 battles (orders: First), 0 without a preference",
            "Shard first-00000 finished: 20 battles",
            $"The run in {_folder["run"]} ended after",
            "the judge was trained on train.jsonl itself", // a warning of the application
        ];
        var places = expected.Select(text => observer.Entries.ToList()
            .FindIndex(entry => entry.Message.StartsWith(text, StringComparison.Ordinal))).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.Equal(_warnings, observer.Entries.Where(entry => entry.Level is LogLevel.Warning).Select(entry => entry.Message));
        Assert.All(observer.Entries, entry => Assert.StartsWith("Tiebreak.", entry.Category, StringComparison.Ordinal));

        Assert.Equal([20], observer.Values("tiebreak.judge.battles", "kind=priors;tiebreak.judge.orders=First"));
        Assert.Equal([1], observer.Values("tiebreak.run.shards", "pass=First"));
        Assert.Single(observer.Values("tiebreak.run.shard.duration", "pass=First"));
        Assert.Equal([1], observer.Values("tiebreak.training.steps", "step=written"));
        Assert.Single(observer.Values("tiebreak.training.loss", "step=calibrated"), loss => loss is > 0.5 and < 1.5);
    }

    private static string? Property(string json, string list, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(list)[0].GetProperty(name).GetString();
    }

    private Task<TrainingDocument> TrainAsync(JobContext? host = null) =>
        new TrainJudge { Recipe = RecipeFile.Load("priors", []), Data = [_folder["train.jsonl"]], Out = _folder["judge"] }
            .RunAsync(host ?? _host, TestContext.Current.CancellationToken);

    private sealed class Stages(List<string> stages) : IProgress<JobProgress>
    {
        public void Report(JobProgress value)
        {
            lock (stages)
                stages.Add(value.Stage);
        }
    }
}
