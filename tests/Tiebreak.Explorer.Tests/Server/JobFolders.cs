using Tiebreak.App;
using Tiebreak.App.Predicting;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Training;
using Tiebreak.Data;
using Tiebreak.Explorer.Server;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Server;

/// <summary>Judges, their runs over some battles, and the work of a training that goes on.</summary>
internal sealed class JobFolders : IDisposable
{
    public const string FirstRun = "one.run";
    public const string SecondRun = "two.run";
    public const string Training = "work";

    private readonly TemporaryFolder _folder = new();
    private readonly JudgeRegistry _judges = new([new PriorJudgeFormat()]);

    private JobFolders()
    {
    }

    public string this[string name] => _folder[name];

    /// <summary>Trains the judges, one on all battles and one mostly on those that A has won, and lets them predict.</summary>
    /// <param name="battles">The battles to learn from.</param>
    /// <param name="predicted">The battles to predict; null for the same.</param>
    public static async Task<JobFolders> CreateAsync(IReadOnlyList<Battle> battles, IReadOnlyList<Battle>? predicted = null)
    {
        var folders = new JobFolders();
        var data = folders["predicted.jsonl"];
        BattleWriter.WriteJsonl(data, predicted ?? battles);
        await folders.JudgeAsync("one", battles, data);
        await folders.JudgeAsync("two", [.. battles.Where((battle, i) => battle.Verdict is Verdict.A || i % 3 == 0)], data);
        folders.Train();
        return folders;
    }

    /// <summary>An explorer's options with all of them.</summary>
    public ExplorerOptions AddTo(ExplorerOptions options) => options with
    {
        Judges = [_folder["one"], _folder["two"]],
        Runs = [_folder[FirstRun], _folder[SecondRun]],
        Trainings = [_folder[Training]],
        Context = options.Context with { Judges = _judges },
    };

    public void Dispose() => _folder.Dispose();

    private async Task JudgeAsync(string name, IReadOnlyList<Battle> battles, string data)
    {
        BattleWriter.WriteJsonl(_folder[$"{name}.jsonl"], battles);
        await new JudgeTraining
        {
            Kind = "priors",
            Trainer = _judges["priors"].CreateTrainer(new Recipe("priors", [])),
            Out = _folder[name],
            Data = BattleSet.Load([_folder[$"{name}.jsonl"]]).Files,
        }.RunAsync(new LabelledBattles(battles), cancellationToken: TestContext.Current.CancellationToken);
        await new PredictInRun { Judge = _folder[name], Data = data, Out = _folder[$"{name}.csv"], Folder = _folder[$"{name}.run"] }
            .RunAsync(new JobContext { Judges = _judges, Threads = 1 }, TestContext.Current.CancellationToken);
    }

    // A hundred steps of a thousand, in which the loss rises.
    private void Train()
    {
        var dependsOn = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["recipe"] = """{"max_tokens":320,"tuning":{"epochs":1,"note":"<b>"}}""",
            ["data"] = "battles.jsonl",
        };
        _ = TrainingWork.Open(_folder[Training], dependsOn, resume: false);
        var log = new TrainingLog(_folder[Training], listener: null);
        for (var step = 1; step <= 100; step++)
        {
            log.Report(TrainingEvent.Now(
                "the judge: step", ("step", step), ("steps", 1_000), ("loss", 1 + (step / 200.0)), ("log_loss", 1 + (step / 200.0)),
                ("learning_rate", 1e-4), ("tokens_per_second", 500 + step), ("hours_left", 0.5), ("memory_mb", 300)));
        }

        foreach (var (step, loss) in new[] { (25, 1.05), (50, 1.1), (75, 1.2) })
            log.Report(TrainingEvent.Now("the judge: evaluated", ("step", step), ("log_loss", loss)));
    }
}
