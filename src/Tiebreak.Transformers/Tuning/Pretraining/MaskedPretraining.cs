using System.Diagnostics;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Core.Training;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Tuning.Replicas;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tuning.Pretraining;

/// <summary>
/// Lets the model of a recipe guess masked tokens of the battles, as the judge will read them, and writes what it has become as an ordinary
/// checkpoint, with which the tuning begins. No vote is looked at. Killed at any moment, it goes on from its last checkpoint and gives the
/// same bytes.
/// </summary>
internal sealed class MaskedPretraining
{
    /// <summary>What people should know where the files hold no head that guesses masked tokens.</summary>
    public const string HeadBegan = "The model's files hold no head that guesses masked tokens; it began with numbers by chance.";

    private const string Name = "masked tokens";
    private const string StepsName = "steps";

    private readonly TuningSetup _setup;
    private readonly string _folder;

    /// <param name="setup">The training that it comes before.</param>
    /// <param name="folder">The folder of its files.</param>
    public MaskedPretraining(TuningSetup setup, string folder) => (_setup, _folder) = (setup, folder);

    private TuningOptions Options => _setup.Tuning.Options;

    private string ModelPath => Path.Combine(_folder, "model");

    private string CheckpointPath => Path.Combine(_folder, "checkpoint.safetensors");

    private string ReportPath => Path.Combine(_folder, "report.json");

    /// <summary>Trains, or goes on with it, or finds that it is finished.</summary>
    /// <returns>The folder of the model, and what there is to say of the training.</returns>
    /// <exception cref="InputException">The model is none that can learn this.</exception>
    /// <exception cref="TiebreakException">A number is not finite, or a file cannot be written.</exception>
    public async Task<(string Model, JsonObject Report)> RunAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(ModelPath))
            await TrainAsync(cancellationToken).ConfigureAwait(false);
        StorageError.Guard(_folder, () => File.Delete(CheckpointPath));
        return (ModelPath, JsonNode.Parse(await File.ReadAllTextAsync(ReportPath, cancellationToken).ConfigureAwait(false))!.AsObject());
    }

    private async Task TrainAsync(CancellationToken cancellationToken)
    {
        StorageError.Guard(_folder, () => Directory.CreateDirectory(_folder));
        using var worker = new TorchWorker(Name, _setup.Job.Threads, computesGradients: true);
        var device = TrainingDevices.FirstOf(_setup.Job.Placement).Device;
        var model = await worker.RunAsync(() => MaskedModel.Load(_setup.Recipe, device, _setup.Job.Seed), cancellationToken)
            .ConfigureAwait(false);
        try
        {
            var losses = await worker.RunAsync(() => Restore(model), cancellationToken).ConfigureAwait(false);
            await StepAsync(worker, model, losses, cancellationToken).ConfigureAwait(false);
            AtomicFile.WriteText(ReportPath, Report(model, losses).ToJsonString());
            await (await worker.RunAsync(
                () => TunedFiles.WritePretrainedAsync(ModelPath, model, _setup.Recipe), cancellationToken).ConfigureAwait(false))
                .ConfigureAwait(false);
        }
        finally
        {
            _ = await worker.RunAsync(() => Free(model), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task StepAsync(TorchWorker worker, MaskedModel model, List<double> losses, CancellationToken cancellationToken)
    {
        var schedule = _setup.MaskedSchedule;
        var masking = new TokenMasking(_setup.Input.Tokenizer, model.VocabularySize, Options.Mlm.Share, _setup.Job.Seed);
        var rate = new LearningRateSchedule(_setup.Tuning.Schedule, Options.Warmup, schedule.Steps);
        var speed = new TuningSpeed(_setup.Job, Name, losses.Count, schedule.Steps);
        var sinceCheckpoint = Stopwatch.StartNew();
        for (var step = losses.Count; step < schedule.Steps; step++)
        {
            MaskedSequence[] rows =
            [
                .. schedule.Of(step).SelectMany(example => _setup.Examples.RowOf(example).Sequences)
                    .Select((sequence, place) => masking.Of(sequence, step, place)),
            ];
            var factor = rate.At(step);
            var (loss, norm) = await worker.RunAsync(() => model.Learn(rows, factor), cancellationToken).ConfigureAwait(false);
            losses.Add(loss);
            speed.Report(
                rows.Sum(row => row.Shown.Tokens.Count), factor * Options.Mlm.LearningRate, ("loss", loss), ("gradient_norm", norm));
            if (_setup.Job.Work is not null && sinceCheckpoint.Elapsed.TotalMinutes >= Options.CheckpointMinutes)
            {
                _ = await worker.RunAsync(() => Keep(model, losses), CancellationToken.None).ConfigureAwait(false);
                sinceCheckpoint.Restart();
                _setup.Job.Log?.Report(TrainingEvent.Now($"{Name}: checkpoint written", ("step", step + 1)));
            }
        }
    }

    private static JsonObject Report(MaskedModel model, List<double> losses)
    {
        var quarter = (losses.Count + 3) / 4;
        return new JsonObject
        {
            ["steps"] = losses.Count,
            ["head"] = model.BeginsHead ? "drawn" : "stored",
            ["loss_of_first_quarter"] = losses.Take(quarter).Average(),
            ["loss_of_last_quarter"] = losses.TakeLast(quarter).Average(),
        };
    }

    private bool Keep(MaskedModel model, List<double> losses)
    {
        RunProgress.WriteTensors(CheckpointPath, [.. model.State, KeyValuePair.Create(StepsName, tensor([.. losses]))]);
        return true;
    }

    private List<double> Restore(MaskedModel model)
    {
        if (!File.Exists(CheckpointPath))
            return [];
        using var checkpoint = Checkpoint.Open(CheckpointPath);
        RunProgress.Fill(model.State, checkpoint);
        List<double> losses = [.. checkpoint.Load(StepsName).data<double>().ToArray()];
        model.ContinueAfter(losses.Count);
        return losses;
    }

    private static bool Free(MaskedModel model)
    {
        model.Dispose();
        return true;
    }
}
