using System.Diagnostics;
using Tiebreak.App.Recipes;
using Tiebreak.Core;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;
using Tiebreak.Core.Training;

namespace Tiebreak.App.Searching;

/// <summary>Trains judges of trials on parts of the same prompts, and scores all of them on the same held-out battles.</summary>
internal sealed class TrialTraining
{
    private readonly JobContext _context;
    private readonly LabelledBattles _battles;
    private readonly bool[] _isTarget;
    private readonly Holdout _validation;
    private readonly HoldoutCut _cut;
    private readonly int[] _placeOfGroup;

    /// <summary>Divides the battles.</summary>
    /// <param name="context">Judge kinds, seed, threads.</param>
    /// <param name="battles">The battles of all sources.</param>
    /// <param name="isTarget">Whether a battle is the target's: only these are held out.</param>
    /// <param name="share">The share that is held out.</param>
    /// <exception cref="InputException">There are too few prompts.</exception>
    public TrialTraining(JobContext context, LabelledBattles battles, bool[] isTarget, double share)
    {
        (_context, _battles, _isTarget) = (context, battles, isTarget);
        _validation = new Holdout(share);
        _cut = ValidatedTraining.CutOf(battles, isTarget, share, context.Seed);
        _placeOfGroup = [.. Enumerable.Range(0, battles.Groups.Max() + 1)];
        new SeededRandom(context.Seed).Shuffle(_placeOfGroup.AsSpan());
    }

    /// <summary>The battles that all trials are scored on.</summary>
    public LabelledBattles HeldOut => _battles.Only(_cut.HeldOut);

    /// <summary>How many of the target's battles there are to learn from.</summary>
    public int Battles => _cut.Training.Count(i => _isTarget[i]);

    /// <summary>Trains and scores. A training that ends in numbers that are not finite is a score too: the worst.</summary>
    /// <param name="trial">The number of the trial.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="round">Its round.</param>
    /// <param name="work">Where the training keeps what it has finished.</param>
    /// <param name="log">Receives what happens.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="TiebreakException">Something else went wrong: the disk is full, memory does not suffice.</exception>
    public async Task<TrialScore> ScoreAsync(
        int trial,
        RecipeFile recipe,
        SearchRound round,
        TrainingWork work,
        IProgress<TrainingEvent> log,
        CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var name = Invariant($"trial {trial} ({round.Part})");
        var training = new ValidatedTraining
        {
            Trainer = _context.Judges[recipe.Recipe.Kind].CreateTrainer(recipe.Recipe),
            Validation = _validation,
            Cut = _cut with { Training = PartOf(round) },
            Seed = _context.Seed,
            Placement = _context.Placement,
            Progress = new Renamed<JobProgress>(_context.Progress, said => said with { Stage = $"{name}: {said.Stage}" }),
            Log = new Renamed<TrainingEvent>(log, said => said with { What = $"{name}: {said.What}" }),
            Work = work,
        };
        try
        {
            var validated = await training.RunAsync(_battles, _isTarget, cancellationToken).ConfigureAwait(false);
            await validated.Trained.Judge.DisposeAsync().ConfigureAwait(false);
            var calibrated = recipe.Calibrator.CrossFit(
                validated.Preferences, validated.Scored, validated.Folds, validated.FoldCount, _context.Placement.Threads);
            var losses = LogLoss.PerRow(calibrated, validated.Scored.Targets);
            return new TrialScore(trial, round.Divisor, losses, clock.Elapsed.TotalSeconds, Failure: null);
        }
        catch (TiebreakException exception) when (exception.Code is ErrorCodes.Failed or ErrorCodes.NotConverged)
        {
            return new TrialScore(trial, round.Divisor, LogLosses: null, clock.Elapsed.TotalSeconds, exception.Message);
        }
    }

    // Whoever is in the small part is in the larger ones too.
    private int[] PartOf(SearchRound round)
    {
        int[] groups =
        [
            .. _cut.Training.Select(i => _battles.Groups[i]).Distinct().OrderBy(group => _placeOfGroup[group]),
        ];
        var kept = groups.Take((groups.Length + round.Divisor - 1) / round.Divisor).ToHashSet();
        return [.. _cut.Training.Where(i => kept.Contains(_battles.Groups[i]))];
    }

    private sealed class Renamed<T>(IProgress<T>? next, Func<T, T> rename) : IProgress<T>
    {
        public void Report(T value) => next?.Report(rename(value));
    }
}
