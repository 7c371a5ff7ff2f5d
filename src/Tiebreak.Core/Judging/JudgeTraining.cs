using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Licences;
using Tiebreak.Core.Training;

namespace Tiebreak.Core.Judging;

/// <summary>
/// From labelled battles to a bundle, the same way for every kind: folds or a hold-out, training, calibration, honest metrics, writing.
/// </summary>
public sealed record JudgeTraining
{
    /// <summary>The last event of a training: its judge is written.</summary>
    internal const string WrittenEvent = "written";

    // A manifest names so many sources and licences of data, the most frequent ones.
    private const int MostSources = 50;

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

    /// <summary>How the judge is validated, and calibrated with it.</summary>
    public Validation Validation { get; init; } = Validation.Default;

    /// <summary>Whether the saved judge is asked in both orders.</summary>
    public SwapPolicy Swap { get; init; } = SwapPolicy.Always;

    /// <summary>How the saved judge is calibrated.</summary>
    public Calibrator Calibrator { get; init; } = new(CalibrationMethod.Temperature);

    /// <summary>What the files called things, for those that the judge will read later; null for the usual names.</summary>
    public BattleMapping? Mapping { get; init; }

    /// <summary>Where the weights of the battles come from; null where all count the same.</summary>
    internal WeightsOrigin? Weights { get; init; }

    /// <summary>The files of what other judges said about the battles; none where there is no teacher.</summary>
    internal IReadOnlyList<DataFingerprint> Teachers { get; init; } = [];

    /// <summary>Every random choice follows from it.</summary>
    public ulong Seed { get; init; }

    /// <summary>What the trainer draws from instead, on the folds or the hold-out of <see cref="Seed"/>; null for the same.</summary>
    internal ulong? TrainerSeed { get; init; }

    /// <summary>Where to train, with how many threads. Default: the CPU with all cores.</summary>
    public Placement Placement { get; init; } = new();

    /// <summary>The folder in which the trainer keeps what it has finished, beside a log of events; null: nothing is kept.</summary>
    public string? WorkFolder { get; init; }

    /// <summary>Whether work that is in <see cref="WorkFolder"/> may be gone on with; it must be that of the same training.</summary>
    public bool Resume { get; init; }

    /// <summary>Told the folder of the work when it is open, before anything is trained.</summary>
    internal Action<string>? OnWorkOpened { get; init; }

    /// <summary>Receives what has happened, in no promised thread.</summary>
    public IProgress<TrainingEvent>? Log { get; init; }

    /// <summary>Where it is logged what has happened. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Trains, evaluates on battles not learned from, and writes the bundle.</summary>
    /// <param name="battles">Labelled battles.</param>
    /// <param name="progress">Receives what the training is doing.</param>
    /// <param name="cancellationToken">Stops; a bundle that was there stays as it was.</param>
    /// <exception cref="InputException">Too little data, or the work folder holds what must not be gone on with.</exception>
    /// <exception cref="TiebreakException">No convergence, or the bundle or the work cannot be written.</exception>
    public async Task<TrainingOutcome> RunAsync(
        LabelledBattles battles, IProgress<JobProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Bundle.ThrowIfNotFree(Out);
        ThrowIfWeighed(battles);
        ThrowIfTaught(battles);
        ThrowIfSeveralDevices();
        var isTarget = BattleSource.FindTarget(battles.Battles, Target);
        var work = WorkFolder is null ? null : TrainingWork.Open(WorkFolder, WorkIdentity.Of(this, battles), Resume);
        if (work is not null)
            OnWorkOpened?.Invoke(work.Folder);
        var logger = LoggerFactory.CreateLogger<JudgeTraining>();
        ObservedTraining.LogBegun(logger, Kind, battles.Count, Validation, Placement.Device, Placement.Threads);
        var log = new ObservedTraining(logger, work is null ? Log : new TrainingLog(work.Folder, Log));
        var training = new ValidatedTraining
        {
            Trainer = Trainer,
            Validation = Validation,
            Seed = Seed,
            TrainerSeed = TrainerSeed,
            Placement = Placement,
            Progress = progress,
            Log = log,
            Work = work,
        };
        var validated = await training.RunAsync(battles, isTarget, cancellationToken).ConfigureAwait(false);
        var judge = validated.Trained.Judge;
        await using var closing = judge.ConfigureAwait(false);
        log.Report(TrainingEvent.Now("trained and validated", ("battles_judged", validated.Scored.Count)));

        ReturnMemory();
        var (trained, scored, preferences) = (validated.Trained, validated.Scored, validated.Preferences);
        var calibrated = Calibrator.CrossFit(preferences, scored, validated.Folds, validated.FoldCount, Placement.Threads);
        var comparisons = CalibrationComparison.Of(
            Calibrator, preferences, scored, validated.Folds, validated.FoldCount, Seed, Placement.Threads);
        var refit = TemperatureRefit.Of(calibrated, scored, Seed, Placement.Threads);
        var result = Evaluator.Evaluate(calibrated, scored, Seed, Placement.Threads);
        var baselines = Baseline.Compare(calibrated, scored, Seed, Placement.Threads);
        var prior = PriorJudge.SharesOf(validated.Learned.Targets.Zip(validated.Learned.Weights));
        var temperature = Calibrator.FitTemperature(preferences, scored.Targets, scored.Weights).Value;
        log.Report(TrainingEvent.Now("calibrated", ("log_loss", result.LogLoss), ("temperature", temperature)));
        var manifest = await BundleWriter.WriteAsync(
            Out,
            trained,
            new BundleManifest
            {
                Kind = Kind,
                Labels = ["A", "B", "tie"],
                Recipe = Trainer.ResolvedOptions,
                Swap = Swap,
                Temperature = temperature,
                Calibration = Calibrator.Fit(preferences, scored),
                Priors = [prior.A, prior.B, prior.Tie],
                Seed = TrainerSeed ?? Seed,
                Folds = validated.FoldCount,
                Holdout = validated.Holdout,
                Mapping = Mapping,
                Data = Data,
                Validation = CalibrationJson.ToJson(EvaluationJson.ToJson(result, baselines), comparisons, refit),
                Training = ReportOf(trained, calibrated, scored),
                Licences = LicencesOf(trained, battles.Battles),
                Versions = FolderManifest.VersionsWith(trained.Versions),
                CheckTolerance = trained.CheckTolerance,
            },
            battles.Battles,
            Placement.Threads,
            cancellationToken).ConfigureAwait(false);
        ReturnMemory();
        log.Report(TrainingEvent.Now(WrittenEvent, ("bytes", manifest.Files.Values.Sum(file => file.Bytes))));
        return new TrainingOutcome(manifest, scored, calibrated, result, baselines, comparisons, refit);
    }

    // What a part of the work has thrown away would otherwise stay beside what the next one throws away.
    private static void ReturnMemory() =>
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private void ThrowIfWeighed(LabelledBattles battles)
    {
        if (!Trainer.TakesWeights && battles.Weights.Any(weight => weight != 1))
        {
            throw new InputException(
                $"Judges of kind \"{Kind}\" learn from every battle alike: Tiebreak cannot weigh battles for them. Leave out `weights`, or "
                + "train a judge of kind \"feature\".")
            {
                Parameters = ["weights"],
            };
        }
    }

    private void ThrowIfTaught(LabelledBattles battles)
    {
        if (!Trainer.TakesTeachers && battles.Teachers.Count > 0)
        {
            throw new InputException(
                $"The recipe of kind \"{Kind}\" does not learn from what other judges said about labelled battles: Tiebreak distils only "
                + "into transformers whose weights learn. Leave out `teachers`, or take a recipe with a section tuning.")
            {
                Parameters = ["teachers"],
            };
        }
    }

    private void ThrowIfSeveralDevices()
    {
        if (!Trainer.SharesDevices && Placement.Device.Contains(',', StringComparison.Ordinal))
        {
            throw new InputException(
                $"`device` {Placement.Device} names several devices, but this recipe of kind \"{Kind}\" computes on one: Tiebreak "
                + "shares only the training of transformers whose weights learn. Name one device.")
            {
                Parameters = ["device"],
            };
        }
    }

    private JsonObject ReportOf(TrainedJudge trained, IReadOnlyList<Preference> calibrated, LabelledBattles scored)
    {
        var report = trained.Report;
        if (Teachers.Count > 0)
        {
            report["teachers"] = new JsonArray(
            [
                .. Teachers.Select(file => new JsonObject { ["file"] = file.File, ["rows"] = file.Rows, ["sha256"] = file.Sha256 }),
            ]);
        }

        return Weights is null ? report : Weights.AddTo(report, calibrated, scored);
    }

    private static IReadOnlyList<LicenceStatement>? LicencesOf(TrainedJudge trained, IReadOnlyList<Battle> battles)
    {
        var ofData = battles.Where(battle => battle.Source is not null || battle.License is not null)
            .GroupBy(battle => (battle.Source, battle.License))
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Source, StringComparer.Ordinal)
            .ThenBy(group => group.Key.License, StringComparer.Ordinal)
            .Take(MostSources)
            .Select(group => new LicenceStatement("data", group.Key.Source, group.Key.License) { Battles = group.Count() });
        LicenceStatement[] all = [.. trained.Licences, .. ofData];
        return all.Length > 0 ? all : null;
    }
}
