using System.Runtime.InteropServices;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Splitting;

namespace Tiebreak.Core.Training;

/// <summary>Trains a judge of any kind and gets preferences for battles that the judge which gave them has not learned from.</summary>
internal sealed record ValidatedTraining
{
    // The folds that calibration is validated by when battles are held out; also what the trainer gets for its own use then.
    private const int FoldsWithHoldout = 5;

    // Held-out battles that are judged between two records of the work's journal.
    private const int JournalRows = 256;

    public required IJudgeTrainer Trainer { get; init; }

    public Validation Validation { get; init; } = Validation.Default;

    /// <summary>How a hold-out divides the battles; null: by its share and the seed.</summary>
    public HoldoutCut? Cut { get; init; }

    public ulong Seed { get; init; }

    public ulong? TrainerSeed { get; init; }

    public Placement Placement { get; init; } = new();

    public IProgress<JobProgress>? Progress { get; init; }

    public IProgress<TrainingEvent>? Log { get; init; }

    public TrainingWork? Work { get; init; }

    /// <summary>Trains and judges.</summary>
    /// <param name="battles">The battles of all sources.</param>
    /// <param name="isTarget">Whether a battle is the target's.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The judge, which the receiver disposes, and what was said about the target's battles.</returns>
    public Task<ValidatedJudge> RunAsync(LabelledBattles battles, bool[] isTarget, CancellationToken cancellationToken) => Validation switch
    {
        CrossValidation folds => CrossValidateAsync(battles, isTarget, folds.Folds, cancellationToken),
        Holdout holdout => HoldOutAsync(battles, isTarget, holdout.Share, cancellationToken),
        _ => throw new InvalidOperationException($"{Validation} is no known validation."),
    };

    /// <summary>How a hold-out divides battles.</summary>
    /// <exception cref="InputException">There are too few prompts.</exception>
    public static HoldoutCut CutOf(LabelledBattles battles, IReadOnlyList<bool> isTarget, double share, ulong seed) =>
        HoldoutCut.Of(battles, isTarget, share, FoldsWithHoldout, seed);

    private async Task<ValidatedJudge> CrossValidateAsync(
        LabelledBattles battles, bool[] isTarget, int foldCount, CancellationToken cancellationToken)
    {
        var folds = GroupedFolds.Assign(battles, isTarget, foldCount, Seed);
        int[] rows = [.. Enumerable.Range(0, battles.Count).Where(i => isTarget[i])];
        Log?.Report(TrainingEvent.Now("folds cut", ("battles", battles.Count), ("target", rows.Length), ("folds", foldCount)));

        var trained = await Trainer.TrainAsync(JobOf(battles, isTarget, folds, foldCount), cancellationToken).ConfigureAwait(false);
        if (trained.OutOfFold is not { } outOfFold)
        {
            await trained.Judge.DisposeAsync().ConfigureAwait(false);
            throw new InvalidOperationException($"{Trainer.GetType()} gave no out-of-fold preferences, which cross-validation needs.");
        }

        var target = battles.Only(rows);
        return new ValidatedJudge(trained, target, target, [.. rows.Select(i => outOfFold[i])], [.. rows.Select(i => folds[i])], foldCount);
    }

    private async Task<ValidatedJudge> HoldOutAsync(
        LabelledBattles battles, bool[] isTarget, double share, CancellationToken cancellationToken)
    {
        var cut = Cut ?? CutOf(battles, isTarget, share, Seed);
        var (training, heldOut) = (battles.Only(cut.Training), battles.Only(cut.HeldOut));
        bool[] isTrainingTarget = [.. cut.Training.Select(i => isTarget[i])];
        var summary = new HoldoutSummary(share, heldOut.Count, heldOut.Groups.Max() + 1, cut.LeftOut);
        Log?.Report(TrainingEvent.Now(
            "hold-out cut",
            ("battles", training.Count),
            ("held_out", summary.Battles),
            ("prompts_held_out", summary.Prompts),
            ("left_out", summary.LeftOut)));

        var folds = GroupedFolds.Assign(training, isTrainingTarget, FoldsWithHoldout, Seed);
        var job = JobOf(training, isTrainingTarget, folds, FoldsWithHoldout) with { HeldOut = heldOut };
        var trained = await Trainer.TrainAsync(job, cancellationToken).ConfigureAwait(false);
        try
        {
            var preferences = await AskAsync(trained.Judge, heldOut, cancellationToken).ConfigureAwait(false);
            var target = battles.Only([.. cut.Training.Where(i => isTarget[i])]);
            var heldOutFolds = GroupedFolds.Assign(heldOut, FoldsWithHoldout, Seed);
            return new ValidatedJudge(trained, target, heldOut, preferences, heldOutFolds, FoldsWithHoldout) { Holdout = summary };
        }
        catch
        {
            await trained.Judge.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private TrainingJob JobOf(LabelledBattles battles, bool[] isTarget, int[] folds, int foldCount) => new()
    {
        Battles = battles,
        Folds = folds,
        FoldCount = foldCount,
        IsTarget = isTarget,
        Seed = TrainerSeed ?? Seed,
        Placement = Placement,
        Progress = Progress,
        Log = Log,
        Work = Work,
    };

    // The wrapper is not disposed: the judge is still needed.
    private async Task<Preference[]> AskAsync(IJudge judge, LabelledBattles heldOut, CancellationToken cancellationToken)
    {
        var averaged = new SwapAveragedJudge(judge);
        Battle[] battles = [.. heldOut.Battles.Select(WithoutLabel)];
        using var journal = Work?.OpenJournal("held-out");
        var preferences = new List<Preference>(battles.Length);
        preferences.AddRange(journal?.Finished.SelectMany(record => MemoryMarshal.Cast<byte, Preference>(record).ToArray()) ?? []);
        while (preferences.Count < battles.Length)
        {
            // Without a journal there is nothing to cut the battles for: the judge makes the batches that suit it.
            var most = journal is null ? battles.Length : JournalRows;
            var part = battles[preferences.Count..Math.Min(preferences.Count + most, battles.Length)];
            var progress = new StageProgress(Progress, "judging held-out battles", battles.Length, preferences.Count);
            var said = await averaged.JudgeAsync(part, progress, cancellationToken).ConfigureAwait(false);
            journal?.Append(MemoryMarshal.AsBytes<Preference>(said));
            preferences.AddRange(said);
        }

        return [.. preferences];
    }

    /// <summary>A battle as a judge meets it in data that it has to predict.</summary>
    internal static Battle WithoutLabel(Battle battle) =>
        battle with { Verdict = null, SoftLabel = null, ModelA = null, ModelB = null, Annotators = null, AnnotatorIds = null };
}

/// <summary>
/// A trained judge with preferences, not yet calibrated, for battles that the judge which gave them has not learned from.
/// </summary>
/// <param name="Trained">The judge; to be disposed by the receiver.</param>
/// <param name="Learned">The target's battles that the judge was trained on.</param>
/// <param name="Scored">The target's battles that there are preferences for.</param>
/// <param name="Preferences">A preference for each of <paramref name="Scored"/>, averaged over both orders.</param>
/// <param name="Folds">A prompt-grouped fold for each of <paramref name="Scored"/>: calibration is validated by them.</param>
/// <param name="FoldCount">How many folds there are.</param>
internal sealed record ValidatedJudge(
    TrainedJudge Trained, LabelledBattles Learned, LabelledBattles Scored, Preference[] Preferences, int[] Folds, int FoldCount)
{
    /// <summary>What was held out; null for cross-validation.</summary>
    public HoldoutSummary? Holdout { get; init; }
}
