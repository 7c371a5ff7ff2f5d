using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Features.Counted;
using Tiebreak.Features.LightGbm;

namespace Tiebreak.Features.FeatureJudges;

/// <summary>
/// Weighs sources by what they do to the target (see <see cref="SourceTrials"/>): first each source alone at every weight tried, then those
/// that help one after the other, the surest first. A gain that is not clear of its standard error counts as none, so that luck on few
/// battles adopts no source.
/// </summary>
internal sealed class SourceWeighting
{
    private const string Stage = "weighing sources";

    private readonly SourceOptions _options;
    private readonly TrainingJob _job;
    private readonly SourceTrials _trials;
    private readonly Dictionary<string, double> _weights = new(StringComparer.Ordinal);

    private SourceWeighting(SourceOptions options, TrainingJob job, SourceTrials trials) =>
        (_options, _job, _trials) = (options, job, trials);

    /// <summary>Decides about every source.</summary>
    /// <param name="options">The judge's recipe.</param>
    /// <param name="job">The battles of all sources.</param>
    /// <param name="counted">Their counted features.</param>
    /// <param name="schema">The counted columns.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The decisions by the source's name, in the order of the data.</returns>
    public static OrderedDictionary<string, SourceWeight> Choose(
        FeatureJudgeOptions options, TrainingJob job, FeatureMatrix counted, FeatureSchema schema, CancellationToken cancellationToken)
    {
        var decisions = new OrderedDictionary<string, SourceWeight>(StringComparer.Ordinal);
        foreach (var source in Enumerable.Range(0, job.Battles.Count)
            .GroupBy(i => BattleSource.Of(job.Battles.Battles[i]), StringComparer.Ordinal))
        {
            decisions.Add(source.Key, new SourceWeight(source.Key, source.Count(), job.IsTarget[source.First()], Weight: 1));
        }

        string[] others = [.. decisions.Values.Where(source => !source.IsTarget).Select(source => source.Source)];
        if (!options.Sources.Weigh || others.Length == 0)
            return decisions;
        if (schema.Columns.Count == 0)
        {
            throw new InputException(
                "Sources are weighed by counted features, but the recipe has none of them on. " +
                "Switch one on, or give `set` sources.weigh=false.")
            {
                Parameters = ["set"],
            };
        }


        var weighing = new SourceWeighting(options.Sources, job, new SourceTrials(options.Linear, job, counted, schema));
        foreach (var gain in weighing.Weigh(others, cancellationToken))
        {
            decisions[gain.Source] = decisions[gain.Source] with
            {
                Weight = gain.IsKept ? gain.Weight : 0,
                Gain = gain.Mean,
                GainInterval = gain.Interval,
            };
        }

        return decisions;
    }

    private List<Trial> Weigh(string[] others, CancellationToken cancellationToken)
    {
        var without = _trials.Losses(_weights, isStart: true, cancellationToken);
        var alone = others.Select((source, k) =>
        {
            _job.Progress?.Report(new JobProgress(Stage, k, 2 * others.Length));
            return Best(source, without, cancellationToken);
        }).OrderByDescending(trial => trial.Bound).ToList();

        var decided = new List<Trial>();
        foreach (var (k, first) in alone.Index())
        {
            _job.Progress?.Report(new JobProgress(Stage, others.Length + k, 2 * others.Length));
            // Nothing has been added since a source was tried alone: the trial stands.
            var trial = first.IsKept && _weights.Count > 0 ? Best(first.Source, without, cancellationToken) : first;
            decided.Add(trial);
            if (trial.IsKept)
            {
                _weights[trial.Source] = trial.Weight;
                without = trial.Losses;
            }
        }

        _job.Progress?.Report(new JobProgress(Stage, 2 * others.Length, 2 * others.Length));
        return decided;
    }

    /// <summary>The weight of a source with the surest gain.</summary>
    private Trial Best(string source, double[] without, CancellationToken cancellationToken)
    {
        var trials = new List<Trial>();
        foreach (var weight in _options.Weights)
        {
            _weights[source] = weight;
            var losses = _trials.Losses(_weights, isStart: false, cancellationToken);
            double[] gains = [.. without.Zip(losses, (before, after) => before - after)];
            trials.Add(new Trial(
                source,
                weight,
                losses,
                gains.Average(),
                ClusterBootstrap.OfMean(gains, _trials.TargetGroups, _job.Seed, threads: _job.Threads),
                gains.Average() - (_options.StandardErrors * StandardError(gains))));
        }

        _weights.Remove(source);
        return trials.MaxBy(trial => trial.Bound)!;
    }

    // Of a mean over rows that are independent only between prompts: sqrt of the sum of squared sums of deviations, over the rows.
    private double StandardError(double[] gains)
    {
        var mean = gains.Average();
        var sums = new double[_trials.TargetGroups.Max() + 1];
        for (var i = 0; i < gains.Length; i++)
            sums[_trials.TargetGroups[i]] += gains[i] - mean;
        return Math.Sqrt(sums.Sum(sum => sum * sum)) / gains.Length;
    }

    private sealed record Trial(string Source, double Weight, double[] Losses, double Mean, Interval Interval, double Bound)
    {
        public bool IsKept => Bound > 0;
    }
}

/// <summary>How the weights of sources other than the target are found.</summary>
internal sealed record SourceOptions
{
    /// <summary>Whether they are found at all; otherwise every battle counts the same, whatever its source.</summary>
    public bool Weigh { get; init; } = true;

    /// <summary>The weights to try besides 0; a battle of the target counts 1.</summary>
    public IReadOnlyList<double> Weights { get; init; } = [0.05, 0.2, 0.5, 1];

    /// <summary>By how many of its standard errors a gain must exceed 0, or the source is dropped.</summary>
    public double StandardErrors { get; init; } = 1;
}

/// <summary>What was decided about a source of training battles.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Rows">Its battles.</param>
/// <param name="IsTarget">Whether the judge is for it.</param>
/// <param name="Weight">How much each of its battles counts; 0: not learned from.</param>
/// <param name="Gain">
/// By how much it lowers the target's log loss at its weight, or at the best one tried where it was dropped; null where nothing was tried.
/// </param>
/// <param name="GainInterval">
/// 95 % interval of the gain: paired, by bootstrap over prompts. It does not know that the best of several weights was taken.
/// </param>
internal sealed record SourceWeight(
    string Source, int Rows, bool IsTarget, double Weight, double? Gain = null, Interval? GainInterval = null);
