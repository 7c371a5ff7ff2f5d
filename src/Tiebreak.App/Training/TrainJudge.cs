using Tiebreak.App.Recipes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Licences;
using Tiebreak.Core.Training;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Reports.Plots;

namespace Tiebreak.App.Training;

/// <summary>Trains a judge on labelled battles, measures it out of fold or on a hold-out, and saves it as a bundle.</summary>
public sealed record TrainJudge
{
    /// <summary>How to train.</summary>
    public required RecipeFile Recipe { get; init; }

    /// <summary>Files of labelled battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>Folder of the bundle to write.</summary>
    public required string Out { get; init; }

    /// <summary>A submission to write with the calibrated preferences, out of fold or of the held-out battles; null for none.</summary>
    public string? OutOfFold { get; init; }

    /// <summary>A file with pooled states of the battles; null for none.</summary>
    public string? States { get; init; }

    /// <summary>A file with numbers of the battles by id; null for none. The recipe's feature group numbers must be on.</summary>
    public string? Numbers { get; init; }

    /// <summary>A file that says how much each battle counts, by id; null where all count the same.</summary>
    public string? Weights { get; init; }

    /// <summary>Files of what other judges said about the battles, by id: teachers that a transformer learns from too.</summary>
    public IReadOnlyList<string> Teachers { get; init; } = [];

    /// <summary>Files of battles that nobody has voted on; they need <see cref="PseudoLabels"/>.</summary>
    public IReadOnlyList<string> Unlabelled { get; init; } = [];

    /// <summary>A file of preferences by id that stand in for the votes on <see cref="Unlabelled"/>; null for none.</summary>
    public string? PseudoLabels { get; init; }

    /// <summary>A folder in which a long training keeps what it has finished, and a log; null for none.</summary>
    public string? WorkFolder { get; init; }

    /// <summary>Whether a training that has begun in <see cref="WorkFolder"/> is gone on with.</summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Seed of the model alone; null for the job's. Members of an ensemble are trained with several of them on the same folds.
    /// </summary>
    public ulong? TrainerSeed { get; init; }

    /// <summary>Trains and saves.</summary>
    /// <exception cref="InputException">The recipe or the data cannot be used.</exception>
    /// <exception cref="TiebreakException">Too little data, no convergence, or a file cannot be written.</exception>
    public async Task<TrainingDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var trainer = context.Judges[Recipe.Recipe.Kind].CreateTrainer(Recipe.Recipe);
        Bundle.ThrowIfNotFree(Out);
        if (!Resume && File.Exists(Path.Combine(Out, Bundle.ManifestName)))
            context.Warn($"{Out} holds a judge already; the new one takes its place when it is trained.");
        if (OutOfFold is not null)
            WritableTarget.CheckFile(OutOfFold);
        context = context.ReadingAs(Recipe.Mapping);
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Train, cancellationToken, States).ConfigureAwait(false);
        var pseudo = await ReadPseudoLabelsAsync(context, set, cancellationToken).ConfigureAwait(false);
        set = NumbersInput.Learn(context, set.With([.. set.Battles, .. pseudo.Battles]), Numbers, cancellationToken);
        var (weighted, weights) = WeightsInput.Of(context, set.Battles, Weights, cancellationToken);
        var (labelled, teachers) = TeachersInput.Of(context, weighted, Teachers);
        var curves = new CurveRecorder();
        foreach (var before in WorkFolder is not null && Resume ? TrainingLog.Read(WorkFolder) : [])
            curves.Report(before);
        var training = new JudgeTraining
        {
            Trainer = trainer,
            Kind = Recipe.Recipe.Kind,
            Out = Out,
            Data = [.. set.Files, .. pseudo.Files],
            Validation = Recipe.Validation,
            Swap = Recipe.Swap,
            Calibrator = Recipe.Calibrator,
            Target = Recipe.Target,
            Mapping = context.Reading.Mapping,
            Weights = weights,
            Teachers = teachers,
            Seed = context.Seed,
            TrainerSeed = TrainerSeed,
            Placement = context.Placement,
            WorkFolder = WorkFolder,
            Resume = Resume,
            OnWorkOpened = WorkProcess.Claim,
            Log = curves,
            LoggerFactory = context.LoggerFactory,
        };
        var outcome = await training.RunAsync(labelled, context.Progress, cancellationToken).ConfigureAwait(false);
        foreach (var note in outcome.Manifest.Training?["notes"]?.AsArray() ?? [])
            context.Warn(note!.ToString());
        foreach (var sentence in LicenceTerms.Sentences(outcome.Manifest.Licences ?? []))
            context.Warn(sentence);
        if (OutOfFold is not null)
            SubmissionFile.Write(OutOfFold, [.. outcome.Target.Battles.Select(battle => battle.Id)], outcome.OutOfFold);
        var source = BattleSource.Of(outcome.Target.Battles[0]);
        var ofTarget = labelled.Battles.Count(battle => string.Equals(BattleSource.Of(battle), source, StringComparison.Ordinal));
        return new TrainingDocument(outcome, Recipe, Out, ofTarget, labelled.Count, OutOfFold)
        {
            Curves = curves.Curves,
            CurvesFolder = WriteCurves(curves.Curves),
        };
    }

    private string? WriteCurves(IReadOnlyList<TrainingCurve> curves)
    {
        if (WorkFolder is null || curves.Count == 0)
            return null;
        var folder = Path.Combine(WorkFolder, "curves");
        _ = PlotFiles.Write(folder, CurveSections.Plots(curves));
        return folder;
    }

    private async Task<PseudoLabelsInput> ReadPseudoLabelsAsync(JobContext context, BattleSet set, CancellationToken cancellationToken)
    {
        if (PseudoLabels is null != (Unlabelled.Count == 0))
        {
            throw new InputException("`unlabelled` and `pseudo-labels` belong together: battles without vote, and preferences for them.")
            {
                Parameters = ["unlabelled", "pseudo-labels"],
            };
        }

        if (PseudoLabels is null)
            return new PseudoLabelsInput([], []);
        if (States is not null)
        {
            throw new InputException(
                "Tiebreak cannot join pooled states to battles with pseudo-labels. Leave out `states` or `unlabelled`.")
            {
                Parameters = ["states", "unlabelled"],
            };
        }

        var known = set.Battles.Select(battle => battle.Id).ToHashSet(StringComparer.Ordinal);
        return await PseudoLabelsInput.ReadAsync(context, Unlabelled, PseudoLabels, known, cancellationToken).ConfigureAwait(false);
    }
}
