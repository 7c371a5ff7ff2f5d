using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Splitting;

namespace Tiebreak.Core.Judging;

/// <summary>From labelled battles to a bundle, the same way for every kind: folds, training, calibration, honest metrics, writing.</summary>
public sealed record JudgeTraining
{
    /// <summary>The kind's trainer with its recipe.</summary>
    public required IJudgeTrainer Trainer { get; init; }

    /// <summary>The judge kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The folder to write.</summary>
    public required string Out { get; init; }

    /// <summary>Where the battles come from.</summary>
    public required IReadOnlyList<DataFingerprint> Data { get; init; }

    /// <summary>The source that the judge is for (see <see cref="BattleSource"/>); null for that of the first battle.</summary>
    public string? Target { get; init; }

    /// <summary>Folds of the cross-validation.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Whether the saved judge is asked in both orders.</summary>
    public SwapPolicy Swap { get; init; } = SwapPolicy.Always;

    /// <summary>How the saved judge is calibrated.</summary>
    public Calibrator Calibrator { get; init; } = new(CalibrationMethod.Temperature);

    /// <summary>Every random choice follows from it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where to train, with how many threads. Default: the CPU with all cores.</summary>
    public Placement Placement { get; init; } = new();

    /// <summary>Trains, evaluates out of fold and writes the bundle.</summary>
    /// <param name="battles">Labelled battles.</param>
    /// <param name="progress">Receives what the training is doing.</param>
    /// <param name="cancellationToken">Stops; a bundle that was there stays as it was.</param>
    /// <exception cref="TiebreakException">Too little data, no convergence, or the bundle cannot be written.</exception>
    public async Task<TrainingOutcome> RunAsync(
        LabelledBattles battles, IProgress<JobProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Bundle.ThrowIfNotFree(Out);
        var isTarget = BattleSource.FindTarget(battles.Battles, Target);
        var folds = GroupedFolds.Assign(battles, isTarget, Folds, Seed);
        var trained = await Trainer.TrainAsync(
            new TrainingJob
            {
                Battles = battles,
                Folds = folds,
                FoldCount = Folds,
                IsTarget = isTarget,
                Seed = Seed,
                Placement = Placement,
                Progress = progress,
            },
            cancellationToken);
        await using var judge = trained.Judge;

        int[] rows = [.. Enumerable.Range(0, battles.Count).Where(i => isTarget[i])];
        var target = battles.Only(rows);
        Preference[] outOfFold = [.. rows.Select(i => trained.OutOfFold[i])];
        int[] targetFolds = [.. rows.Select(i => folds[i])];
        var calibrated = Calibrator.CrossFit(outOfFold, target, targetFolds, Folds, Placement.Threads);
        var comparisons = CalibrationComparison.Of(Calibrator, outOfFold, target, targetFolds, Folds, Seed, Placement.Threads);
        var refit = TemperatureRefit.Of(calibrated, target, Seed, Placement.Threads);
        var result = Evaluator.Evaluate(calibrated, target, Seed, Placement.Threads);
        var baselines = Baseline.Compare(calibrated, target, Seed, Placement.Threads);
        var prior = PriorJudge.SharesOf(target.Targets);
        var manifest = await BundleWriter.WriteAsync(
            Out,
            trained,
            new BundleManifest
            {
                Kind = Kind,
                Labels = ["A", "B", "tie"],
                Recipe = Trainer.ResolvedOptions,
                Swap = Swap,
                Temperature = Calibrator.FitTemperature(outOfFold, target.Targets).Value,
                Calibration = Calibrator.Fit(outOfFold, target),
                Priors = [prior.A, prior.B, prior.Tie],
                Seed = Seed,
                Folds = Folds,
                Data = Data,
                Validation = CalibrationJson.ToJson(EvaluationJson.ToJson(result, baselines), comparisons, refit),
                Training = trained.Report,
                Versions = FolderManifest.VersionsWith(trained.Versions),
                CheckTolerance = trained.CheckTolerance,
            },
            battles.Battles,
            Placement.Threads,
            cancellationToken);
        return new TrainingOutcome(manifest, target, calibrated, result, baselines, comparisons, refit);
    }
}
