using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;
using Tiebreak.Core.Splitting;
using Tiebreak.Core.Training;

namespace Tiebreak.Core.Evaluation;

/// <summary>
/// Measures how the loss of a recipe falls with the number of training rows, for any judge kind. Each repetition holds out a fifth of the
/// prompts and trains, calibration included, on nested samples of the others: whoever is in the small sample is in the larger ones too.
/// Five repetitions hold out every row once.
/// </summary>
internal sealed record LearningCurve
{
    private const int Parts = 5;
    private const int FewestRows = 50;

    /// <summary>The kind's trainer with its recipe.</summary>
    public required IJudgeTrainer Trainer { get; init; }

    /// <summary>What every training is calibrated by: folds, or a hold-out among its own battles.</summary>
    public Validation Validation { get; init; } = Validation.Default;

    /// <summary>Whether the judges are asked in both orders.</summary>
    public SwapPolicy Swap { get; init; } = SwapPolicy.Always;

    /// <summary>How the judges are calibrated.</summary>
    public Calibrator Calibrator { get; init; } = new(CalibrationMethod.Temperature);

    /// <summary>Numbers of training rows; empty for all that are not held out, half of them, a quarter and so on, down to 50.</summary>
    public IReadOnlyList<int> Rows { get; init; } = [];

    /// <summary>How many times a part is held out, at least 1.</summary>
    public int Repetitions { get; init; } = Parts;

    /// <summary>Every random choice follows from it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where the judges train, with how many threads. Default: the CPU with all cores.</summary>
    public Placement Placement { get; init; } = new();

    /// <summary>Trains and scores.</summary>
    /// <param name="labelled">All battles.</param>
    /// <param name="progress">Receives which training is running.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The points, fewest rows first.</returns>
    /// <exception cref="InputException">There are too few battles or prompts for a number of rows.</exception>
    public async Task<IReadOnlyList<LearningCurvePoint>> MeasureAsync(
        LabelledBattles labelled, IProgress<JobProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var sizes = Sizes(labelled);
        var scores = sizes.Select(_ => new HeldOutScores(labelled.Count)).ToArray();
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var (training, heldOut) = Divide(labelled, repetition);
            for (var k = 0; k < sizes.Count; k++)
            {
                progress?.Report(new JobProgress(
                    $"training on {sizes[k]:N0} rows, part {repetition + 1} of {Repetitions} held out",
                    (repetition * sizes.Count) + k, Repetitions * sizes.Count));
                var sample = Sample(training, sizes[k]);
                var preferences = await TrainAndJudgeAsync(labelled.Only(sample), labelled.Only(heldOut), cancellationToken)
                    .ConfigureAwait(false);
                scores[k].Add(heldOut, preferences, labelled.Targets);
            }
        }

        return [.. sizes.Select((rows, k) => Point(rows, scores[k], scores[^1], labelled.Groups))];
    }

    private List<int> Sizes(LabelledBattles labelled)
    {
        var most = labelled.Count * (Parts - 1) / Parts;
        if (Rows.FirstOrDefault(rows => rows < FewestRows || rows > most) is > 0 and var wrong)
        {
            throw new InputException($"A learning curve cannot be measured at {wrong} rows: a fifth of the {labelled.Count} battles is "
                + $"held out, so ask for {FewestRows} to {most}.");
        }

        if (Rows.Count > 0)
            return [.. Rows.Distinct().Order()];
        if (most < 2 * FewestRows)
        {
            throw new InputException($"A learning curve needs at least {2 * FewestRows * Parts / (Parts - 1)} labelled battles, "
                + $"but there are {labelled.Count}.");
        }

        var sizes = new List<int>();
        for (var rows = most; rows >= FewestRows; rows /= 2)
            sizes.Insert(0, rows);
        return sizes;
    }

    /// <summary>The rows to train on, in random order of their prompts, and the rows held out.</summary>
    private (int[][] Training, int[] HeldOut) Divide(LabelledBattles labelled, int repetition)
    {
        var parts = GroupedFolds.Assign(labelled, Parts, Seed + (ulong)(repetition / Parts));
        var rows = Enumerable.Range(0, labelled.Count).ToLookup(i => parts[i] == repetition % Parts);
        int[][] prompts = [.. rows[false].GroupBy(i => labelled.Groups[i]).Select(group => group.ToArray())];
        var random = new SeededRandom(Seed, (ulong)repetition);
        random.Shuffle(prompts.AsSpan());
        return (prompts, [.. rows[true]]);
    }

    private static List<int> Sample(int[][] prompts, int rows)
    {
        var sample = new List<int>(rows);
        foreach (var prompt in prompts)
        {
            if (sample.Count >= rows)
                break;
            sample.AddRange(prompt);
        }

        sample.Sort();
        return sample;
    }

    private async Task<Preference[]> TrainAndJudgeAsync(
        LabelledBattles training, LabelledBattles heldOut, CancellationToken cancellationToken)
    {
        var trainingOnPart = new ValidatedTraining { Trainer = Trainer, Validation = Validation, Seed = Seed, Placement = Placement };
        var isTarget = Enumerable.Repeat(true, training.Count).ToArray();
        var validated = await trainingOnPart.RunAsync(training, isTarget, cancellationToken).ConfigureAwait(false);
        var calibration = Calibrator.Fit(validated.Preferences, validated.Scored);
        var judge = Bundle.Assemble(validated.Trained.Judge, Swap, calibration);
        await using var closing = judge.ConfigureAwait(false);
        return await judge.JudgeAsync([.. heldOut.Battles.Select(ValidatedTraining.WithoutLabel)], progress: null, cancellationToken)
            .ConfigureAwait(false);
    }

    private LearningCurvePoint Point(int rows, HeldOutScores scores, HeldOutScores largest, IReadOnlyList<int> groups)
    {
        int[] scored = [.. Enumerable.Range(0, groups.Count).Where(scores.IsScored)];
        var numbers = scored.Select(i => groups[i]).Distinct().Select((group, number) => (group, number)).ToDictionary();
        int[] scoredGroups = [.. scored.Select(i => numbers[groups[i]])];
        double[] losses = [.. scored.Select(scores.LogLoss)];
        double[] differences = [.. scored.Select(i => scores.LogLoss(i) - largest.LogLoss(i))];
        return new LearningCurvePoint(
            rows,
            losses.Average(),
            ClusterBootstrap.OfMean(losses, scoredGroups, Seed, threads: Placement.Threads),
            scored.Average(scores.Accuracy),
            scores.Spread(),
            differences.Average(),
            ClusterBootstrap.OfMean(differences, scoredGroups, Seed, threads: Placement.Threads));
    }

    /// <summary>Losses and hits of held-out rows, summed over the repetitions that held them out.</summary>
    private sealed class HeldOutScores(int rows)
    {
        private readonly double[] _losses = new double[rows];
        private readonly int[] _hits = new int[rows];
        private readonly int[] _times = new int[rows];
        private readonly List<double> _means = [];

        public void Add(int[] heldOut, Preference[] preferences, IReadOnlyList<Preference> targets)
        {
            var sum = 0.0;
            for (var k = 0; k < heldOut.Length; k++)
            {
                var (i, loss) = (heldOut[k], Metrics.LogLoss.Of(preferences[k], targets[heldOut[k]]));
                _losses[i] += loss;
                _hits[i] += preferences[k].Top == targets[i].Top ? 1 : 0;
                _times[i]++;
                sum += loss;
            }

            _means.Add(sum / heldOut.Length);
        }

        public bool IsScored(int row) => _times[row] > 0;

        public double LogLoss(int row) => _losses[row] / _times[row];

        public double Accuracy(int row) => (double)_hits[row] / _times[row];

        public double Spread()
        {
            var mean = _means.Average();
            return _means.Count < 2 ? double.NaN : Math.Sqrt(_means.Sum(value => (value - mean) * (value - mean)) / (_means.Count - 1));
        }
    }
}
