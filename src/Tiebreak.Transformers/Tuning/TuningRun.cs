using System.Diagnostics;
using System.Runtime.InteropServices;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Training;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Tuning.Noise;
using Tiebreak.Transformers.Tuning.Replicas;

namespace Tiebreak.Transformers.Tuning;

/// <summary>
/// One way through the data with one model: steps, evaluations between them, checkpoints. Killed at any moment, it goes on from its last
/// checkpoint and gives the same bytes: what a step does follows from the checkpoint and the step's number alone.
/// </summary>
internal sealed class TuningRun
{
    private const string CheckpointName = "checkpoint.safetensors";
    private const string BestName = "best.safetensors";

    // A stop need not wait for more.
    private const int RowsAskedTogether = 512;

    /// <summary>What it has in common with the other runs of the training.</summary>
    public required TuningSetup Setup { get; init; }

    /// <summary>Its name for people: <c>fold 1 of 5</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The folder of its checkpoints.</summary>
    public required string Folder { get; init; }

    /// <summary>Which battles it learns from, and when.</summary>
    public required BatchSchedule Schedule { get; init; }

    /// <summary>After how many steps it ends; the learning rate falls as if it went on to the end of the schedule.</summary>
    public required int LastStep { get; init; }

    /// <summary>What the model is asked about between; null: nothing.</summary>
    public required EvaluationSet? Evaluated { get; init; }

    private TuningOptions Options => Setup.Tuning.Options;

    private string CheckpointPath => Path.Combine(Folder, CheckpointName);

    private string BestPath => Path.Combine(Folder, BestName);

    /// <summary>The evaluations of a run that makes no judge. A run that was finished before is not computed again.</summary>
    /// <param name="weights">The file to write the weights to; null: they are not needed.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="TiebreakException">A number is not finite, or a file cannot be written.</exception>
    public async Task<IReadOnlyList<Evaluation>> EvaluateAsync(string? weights, CancellationToken cancellationToken)
    {
        IReadOnlyList<Evaluation> evaluations = Finished();
        if (evaluations is not [.., { } last] || last.Step != LastStep || (weights is not null && !File.Exists(weights)))
            (_, evaluations) = await RunAsync(WriteWeightsAsync, cancellationToken).ConfigureAwait(false);
        if (Directory.Exists(Folder))
            StorageError.Guard(Folder, () => Directory.Delete(Folder, recursive: true)); // the journal holds what is needed
        return evaluations;

        Task WriteWeightsAsync(TunedModel model)
        {
            if (weights is not null)
                RunProgress.WriteTensors(weights, model.Learned);
            return Task.CompletedTask;
        }
    }

    /// <summary>Gives a model that is not trained the mean of the weights of others.</summary>
    /// <param name="weights">The files of their weights.</param>
    /// <param name="finish">Takes the model, on its thread.</param>
    /// <param name="cancellationToken">Stops before the model is loaded.</param>
    /// <exception cref="TiebreakException">A file cannot be written.</exception>
    public async Task<RunProgress> AverageAsync(
        IReadOnlyList<string> weights, Func<TunedModel, Task> finish, CancellationToken cancellationToken)
    {
        PrepareFolder();
        return await WithModelAsync(AverageAsync, cancellationToken).ConfigureAwait(false);

        Task<RunProgress> AverageAsync(TorchWorker worker, TunedModel model) => FinishAsync(
            worker, model, new RunProgress(), () => RunProgress.FillWithMean(model.Learned, weights), finish, cancellationToken);
    }

    /// <summary>Trains a model, or goes on with it.</summary>
    /// <param name="finish">Takes the model with the weights that are kept, on its thread.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>What there is to say of the training, and the evaluations.</returns>
    /// <exception cref="TiebreakException">A number is not finite, or a file cannot be written.</exception>
    public async Task<(RunProgress Progress, IReadOnlyList<Evaluation> Evaluations)> RunAsync(
        Func<TunedModel, Task> finish, CancellationToken cancellationToken)
    {
        PrepareFolder();
        var evaluations = new List<Evaluation>();
        var finished = await WithModelAsync(
            async (worker, model) =>
            {
                var progress = await worker.RunAsync(() => Restore(model), cancellationToken).ConfigureAwait(false);
                using var journal = OpenJournal();
                evaluations.AddRange(Finished(journal).TakeWhile(evaluation => evaluation.Step <= LastStep));
                await StepAsync(worker, model, progress, evaluations, journal, cancellationToken).ConfigureAwait(false);
                return await FinishAsync(worker, model, progress, () => TakeKept(model), finish, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return (finished, evaluations);
    }

    private async Task<RunProgress> WithModelAsync(
        Func<TorchWorker, TunedModel, Task<RunProgress>> work, CancellationToken cancellationToken)
    {
        var (devices, threads) = (Setup.Job.Placement.Device, TrainingDevices.ThreadsOfEach(Setup.Job.Placement));
        using var worker = new TorchWorker("tuning", threads, computesGradients: true);
        var model = await worker.RunAsync(
            () => TunedModel.Load(Setup.Recipe, Setup.Input, Setup.Reading, devices, Setup.Job.Seed, threads),
            cancellationToken).ConfigureAwait(false);
        try
        {
            return await work(worker, model).ConfigureAwait(false);
        }
        finally
        {
            _ = await worker.RunAsync(
                () =>
                {
                    model.Dispose();
                    return true;
                },
                CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static async Task<RunProgress> FinishAsync(
        TorchWorker worker,
        TunedModel model,
        RunProgress progress,
        Action takeWeights,
        Func<TunedModel, Task> finish,
        CancellationToken cancellationToken)
    {
        await (await worker.RunAsync(
            () =>
            {
                takeWeights();
                progress.HeadMovement = model.HeadMovement();
                return finish(model);
            },
            cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return progress;
    }

    private async Task StepAsync(
        TorchWorker worker,
        TunedModel model,
        RunProgress progress,
        List<Evaluation> evaluations,
        WorkJournal? journal,
        CancellationToken cancellationToken)
    {
        var noise = new TextNoise(Setup.Examples, Setup.Input, Options, Setup.Job.Seed);
        var shares = PriorJudge.SharesOf(Schedule.Rows.Select(battle => Setup.Examples.Targets[battle]));
        var rate = new LearningRateSchedule(Setup.Tuning.Schedule, Options.Warmup, Schedule.Steps);
        var speed = new TuningSpeed(Setup.Job, Name, progress.Steps.Count, LastStep);
        var evaluationSteps = Evaluated is null ? [] : Schedule.EvaluationSteps;
        var sinceCheckpoint = Stopwatch.StartNew();
        for (var step = progress.Steps.Count; step < LastStep; step++)
        {
            var examples = Schedule.Of(step);
            TuningRow[] rows = [.. examples.Select((example, place) => noise.RowOf(example, step, place))];
            var (battles, factor) = (examples.Sum(example => example.Share), rate.At(step));
            var result = await worker.RunAsync(() => model.Learn(rows, battles, factor, Schedule.Steps), cancellationToken)
                .ConfigureAwait(false);
            progress.Add(result.LogLoss, rows.Sum(row => row.Weight * LogLoss.Of(shares, row.Target)) / battles);
            speed.Report(
                rows.Sum(row => row.Tokens), factor * Options.LearningRate, ("loss", result.Loss), ("log_loss", result.LogLoss),
                ("gradient_norm", result.GradientNorm));

            var isEvaluated = evaluationSteps.Contains(step + 1);
            if (isEvaluated)
                await AskAsync(worker, model, progress, evaluations, journal, cancellationToken).ConfigureAwait(false);
            if (Setup.Job.Work is not null
                && (isEvaluated || step + 1 == LastStep || sinceCheckpoint.Elapsed.TotalMinutes >= Options.CheckpointMinutes))
            {
                await worker.RunAsync(() => Write(CheckpointPath, path => progress.Write(path, model)), CancellationToken.None)
                    .ConfigureAwait(false);
                sinceCheckpoint.Restart();
                Log("checkpoint written", ("step", step + 1));
            }
        }
    }

    private async Task AskAsync(
        TorchWorker worker,
        TunedModel model,
        RunProgress progress,
        List<Evaluation> evaluations,
        WorkJournal? journal,
        CancellationToken cancellationToken)
    {
        var step = progress.Steps.Count;
        var evaluation = evaluations.Find(known => known.Step == step); // by a process that was killed before its next checkpoint
        if (evaluation is null)
        {
            var outputs = new List<float[]>(Evaluated!.Rows.Count);
            foreach (var rows in Evaluated.Rows.Chunk(RowsAskedTogether))
            {
                Setup.Job.Progress?.Report(new JobProgress($"asking {Name}", outputs.Count, Evaluated.Rows.Count));
                outputs.AddRange(await worker.RunAsync(() => model.Ask(rows), cancellationToken).ConfigureAwait(false));
            }

            journal?.Append(Record(step, outputs));
            evaluation = EvaluationOf(step, [.. outputs]);
            evaluations.Add(evaluation);
        }

        Log("evaluated", ("step", step), ("log_loss", evaluation.LogLoss));
        if (progress.Best is { } best && best.LogLoss <= evaluation.LogLoss)
            return;
        progress.Best = (step, evaluation.LogLoss);
        if (Setup.Tuning.KeepsBest)
        {
            await worker.RunAsync(() => Write(BestPath, path => RunProgress.WriteTensors(path, model.Kept)), CancellationToken.None)
                .ConfigureAwait(false);
            Log("best weights written", ("step", step));
        }
    }

    // A process that was killed may have left half a file.
    private void PrepareFolder() => StorageError.Guard(Folder, () =>
    {
        foreach (var unfinished in Directory.CreateDirectory(Folder).EnumerateFiles("*.tmp"))
            unfinished.Delete();
    });

    private RunProgress Restore(TunedModel model)
    {
        if (!File.Exists(CheckpointPath))
            return new RunProgress();
        var progress = RunProgress.Read(CheckpointPath, model);
        Log("resumed", ("step", progress.Steps.Count));
        return progress;
    }

    private void TakeKept(TunedModel model)
    {
        if (!Setup.Tuning.KeepsBest || Evaluated is null)
        {
            model.TakeAverage();
            return;
        }

        using var best = Checkpoint.Open(BestPath);
        RunProgress.Fill(model.Learned, best);
    }

    private WorkJournal? OpenJournal() => Evaluated is null ? null : Setup.Job.Work?.OpenJournal(Path.GetFileName(Folder));

    private List<Evaluation> Finished()
    {
        using var journal = OpenJournal();
        return Finished(journal);
    }

    // Outputs of all rows, one after another, behind the number of steps.
    private List<Evaluation> Finished(WorkJournal? journal) =>
    [
        .. (journal?.Finished ?? []).Select(record =>
        {
            var values = MemoryMarshal.Cast<byte, float>(record.AsSpan(sizeof(int)));
            return EvaluationOf(
                MemoryMarshal.Read<int>(record), [.. values.ToArray().Chunk(values.Length / Evaluated!.Rows.Count)]);
        }),
    ];

    private static byte[] Record(int step, IReadOnlyList<float[]> outputs) =>
        [.. MemoryMarshal.AsBytes<int>([step]), .. MemoryMarshal.AsBytes<float>([.. outputs.SelectMany(values => values)])];

    private Evaluation EvaluationOf(int step, float[][] outputs)
    {
        var preferences = Evaluated!.Read(outputs, Setup.Reading);
        return new Evaluation(step, preferences, Evaluated.LogLossOf(preferences));
    }

    private static bool Write(string path, Action<string> write)
    {
        write(path);
        return true;
    }

    private void Log(string what, params ReadOnlySpan<(string Name, double Value)> numbers) =>
        Setup.Job.Log?.Report(TrainingEvent.Now($"{Name}: {what}", numbers));
}
