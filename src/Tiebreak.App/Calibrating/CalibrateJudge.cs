using Tiebreak.App.Evaluating;
using Tiebreak.Core;
using Tiebreak.Core.Abstention;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Splitting;
using Tiebreak.Data;

namespace Tiebreak.App.Calibrating;

/// <summary>
/// Fits to labelled battles what a judge's bundle does with its preferences: another calibration, or a rule by which it abstains and sets
/// that hold the verdict. Battles that the judge has seen are left out. The model stays as it is.
/// </summary>
public sealed record CalibrateJudge
{
    /// <summary>The fewest labelled battles that anything is fitted to.</summary>
    public const int FewestRows = 50;

    private const int Folds = 5;

    /// <summary>Folder of the judge's bundle.</summary>
    public required string Judge { get; init; }

    /// <summary>Files of labelled battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>A file with pooled states of the battles; null for none.</summary>
    public string? States { get; init; }

    /// <summary>A file with numbers of the battles by id; null for none.</summary>
    public string? Numbers { get; init; }

    /// <summary>The folder to write; null to replace the bundle.</summary>
    public string? Out { get; init; }

    /// <summary>How to calibrate; null to leave the calibration as it is. Rules of the old calibration are dropped.</summary>
    public CalibrationMethod? Method { get; init; }

    /// <summary>The share of answers that may be wrong, for a rule by which the judge abstains; null for none.</summary>
    public double? MaxError { get; init; }

    /// <summary>What the judge names when it answers.</summary>
    public NamedOutcome Outcome { get; init; }

    /// <summary>The probability that the rule keeps its promise.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>The share of sets that hold the verdict; null for no sets.</summary>
    public double? Coverage { get; init; }

    /// <summary>Fits, and writes the bundle if there is something to write.</summary>
    /// <exception cref="InputException">The bundle or the data cannot be used, or there are too few battles.</exception>
    public async Task<CalibrationDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (Method is not null && (MaxError ?? Coverage) is not null)
        {
            throw new InputException(
                "A rule promises something about calibrated preferences: calibrate first, and fit the rule to other battles afterwards.");
        }

        Bundle.ThrowIfNotFree(Out ?? Judge);
        var bundle = await context.OpenAsync(Judge, cancellationToken).ConfigureAwait(false);
        await using var closing = bundle.ConfigureAwait(false);
        context = context.ReadingFor(bundle);
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Train, cancellationToken, States).ConfigureAwait(false);
        set = NumbersInput.Supply(context, bundle, set, Numbers, mayLack: false, cancellationToken);
        var unseen = SeenShare.Unseen(context, bundle, set.Battles, byPrompt: true);
        if (unseen.Count < FewestRows)
        {
            throw new InputException(
                $"There are {Quantity.Of(unseen.Count, "labelled battle")} about prompts that the judge was not trained on; at least "
                + $"{FewestRows} are needed. Give other battles.");
        }

        var labelled = new LabelledBattles(unseen);
        var (document, manifest) = Method is { } method
            ? await CalibrateAsync(context, bundle, labelled, method, cancellationToken).ConfigureAwait(false)
            : await FitRulesAsync(context, bundle, labelled, cancellationToken).ConfigureAwait(false);
        if (manifest is not null)
            await BundleWriter.RewriteAsync(bundle, Judge, Out ?? Judge, manifest, cancellationToken).ConfigureAwait(false);
        return document with { SeenBattles = set.Battles.Count - unseen.Count };
    }

    private async Task<(CalibrationDocument, BundleManifest?)> CalibrateAsync(
        JobContext context, Bundle bundle, LabelledBattles labelled, CalibrationMethod method, CancellationToken cancellationToken)
    {
        var raw = await Judging.RunUncalibratedAsync(context, bundle, labelled.Battles, cancellationToken).ConfigureAwait(false);
        var old = bundle.Manifest.CalibrationSteps;
        Preference[] before = [.. raw.Select((preference, i) => Calibrator.Apply(old, preference, labelled.Battles[i]))];
        var calibrator = new Calibrator(method);
        var folds = GroupedFolds.AssignAsFar(labelled, Folds, context.Seed);
        var after = calibrator.CrossFit(raw, labelled, folds, Folds, context.Threads);
        var losses = LogLoss.PerRow(before, labelled.Targets);
        double[] gains = [.. losses.Zip(LogLoss.PerRow(after, labelled.Targets), (one, other) => one - other)];
        var gain = gains.Average();
        var document = new CalibrationDocument(Out ?? Judge, labelled.Count)
        {
            Calibration = new CalibrationGain(
                method, losses.Average(), losses.Average() - gain, gain,
                ClusterBootstrap.OfMean(gains, labelled.Groups, context.Seed, threads: context.Threads)),
            HadRules = (bundle.Manifest.Abstention ?? (object?)bundle.Manifest.PredictionSets) is not null,
        };
        return (document, gain <= 0 ? null : bundle.Manifest with
        {
            Calibration = calibrator.Fit(raw, labelled),
            Abstention = null,
            PredictionSets = null,
        });
    }

    private async Task<(CalibrationDocument, BundleManifest?)> FitRulesAsync(
        JobContext context, Bundle bundle, LabelledBattles labelled, CancellationToken cancellationToken)
    {
        var preferences = await Judging.RunAsync(context, bundle.Judge, labelled.Battles, cancellationToken).ConfigureAwait(false);
        var fit = MaxError is { } maxError
            ? AbstentionFit.Of(preferences, labelled.Targets, Outcome, maxError, Confidence)
            : null;
        var sets = Coverage is { } coverage ? PredictionSetRule.Fit(preferences, labelled.Targets, coverage) : null;
        var document = new CalibrationDocument(Out ?? Judge, labelled.Count)
        {
            MaxError = MaxError,
            Confidence = Confidence,
            Outcome = Outcome,
            Abstention = fit?.Rule,
            Attainable = fit?.Attainable,
            Curve = fit?.Curve ?? [],
            PredictionSets = sets,
            SetSizes = sets is null ? [] : SizesOf(sets, preferences),
        };
        return (document, fit?.Rule is null && sets is null ? null : bundle.Manifest with
        {
            Abstention = fit?.Rule ?? bundle.Manifest.Abstention,
            PredictionSets = sets ?? bundle.Manifest.PredictionSets,
        });
    }

    /// <summary>The shares of sets with one, two and three outcomes.</summary>
    private static double[] SizesOf(PredictionSetRule sets, Preference[] preferences)
    {
        var shares = new double[3];
        foreach (var preference in preferences)
            shares[sets.SetOf(preference).Count - 1] += 1.0 / preferences.Length;
        return shares;
    }
}
