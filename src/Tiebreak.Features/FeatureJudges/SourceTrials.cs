using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Splitting;
using Tiebreak.Features.Counted;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.Linear;

namespace Tiebreak.Features.FeatureJudges;

/// <summary>
/// What weights of sources do to the target, by the linear model over the counted features. Trees would say it with more noise than most
/// sources have effect: another row moves a split, and a split moves everything behind it, while the answer of a convex problem moves as
/// little as its rows.
/// </summary>
internal sealed class SourceTrials
{
    // Of larger sources an even sample stands for all.
    private const int MostRows = 20_000;

    // Few battles depend on how they fall into folds, so they are divided several times.
    private const int EnoughRows = 5_000;
    private const int MostRepeats = 5;

    private readonly LinearTrainer _trainer;
    private readonly TrainingJob _job;
    private readonly FeatureMatrix _inputs;
    private readonly string[] _sources;
    private readonly double[] _represented;
    private readonly int[] _targetRows;
    private readonly int[] _targetNumbers;
    private readonly IReadOnlyList<int>[] _folds;
    private readonly LinearWeights?[] _starts;

    /// <param name="options">Penalty and steps.</param>
    /// <param name="job">The battles of all sources.</param>
    /// <param name="counted">Their counted features.</param>
    /// <param name="schema">The counted columns.</param>
    public SourceTrials(LinearOptions options, TrainingJob job, FeatureMatrix counted, FeatureSchema schema)
    {
        int[] rows =
        [
            .. Enumerable.Range(0, job.Battles.Count).GroupBy(i => BattleSource.Of(job.Battles.Battles[i]), StringComparer.Ordinal)
                .SelectMany(source => Sample([.. source])).Order(),
        ];
        var sizes = job.Battles.Battles.CountBy(BattleSource.Of, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var sampled = rows.CountBy(i => BattleSource.Of(job.Battles.Battles[i]), StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        _job = job.Only(rows, [.. rows.Select(i => job.Weights[i])]);
        _sources = [.. _job.Battles.Battles.Select(BattleSource.Of)];
        _targetRows = [.. Enumerable.Range(0, rows.Length).Where(i => _job.IsTarget[i])];
        _targetNumbers = new int[rows.Length];
        foreach (var (number, row) in _targetRows.Index())
            _targetNumbers[row] = number;

        var target = _sources[_targetRows[0]];
        var share = (double)sampled[target] / sizes[target];
        _represented = [.. _sources.Select(source => share * sizes[source] / sampled[source])];

        var sample = counted.Rearranged(rows);
        var inputs = LinearInputs.Fit(schema, sample.Rearranged(_targetRows));
        _inputs = new FeatureMatrix(rows.Length, inputs.Count);
        for (var i = 0; i < rows.Length; i++)
            inputs.Fill(sample[i], _inputs[i]);

        _trainer = new LinearTrainer(options with { L2 = options.L2 * share }, inputs.Differences);
        var repeats = Math.Clamp(EnoughRows / _targetRows.Length, 1, MostRepeats);
        _folds = [.. Enumerable.Range(0, repeats).Select(repeat =>
            repeat == 0 ? _job.Folds : GroupedFolds.Assign(_job.Battles, _job.IsTarget, _job.FoldCount, _job.Seed + (ulong)repeat))];
        _starts = new LinearWeights?[repeats * _job.FoldCount];
        TargetGroups = PromptGroup.Number([.. _targetRows.Select(i => _job.Battles.Battles[i])]);
    }

    /// <summary>The prompt group of each of the target's battles that are scored.</summary>
    public IReadOnlyList<int> TargetGroups { get; }

    /// <summary>The out-of-fold log loss of each of the target's battles, the mean over the repeats.</summary>
    /// <param name="weights">How much a battle of each source counts, beside 1 for the target's; 0 for sources that are not named.</param>
    /// <param name="isStart">Whether later trials start from the answers of this one.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public double[] Losses(IReadOnlyDictionary<string, double> weights, bool isStart, CancellationToken cancellationToken)
    {
        double Weight(int i) => _job.Weights[i] * (_job.IsTarget[i] ? 1 : weights.GetValueOrDefault(_sources[i]) * _represented[i]);
        (int Row, double Weight)[] rows = [.. Enumerable.Range(0, _sources.Length).Select(i => (i, Weight(i))).Where(row => row.Item2 > 0)];
        var losses = new double[_starts.Length][];
        Parallel.For(
            0, _starts.Length, new ParallelOptions { MaxDegreeOfParallelism = _job.Threads, CancellationToken = cancellationToken }, k =>
            {
                var (folds, fold) = (_folds[k / _job.FoldCount], k % _job.FoldCount);
                var model = _trainer.Fit(
                    _inputs, _job.Battles.Targets, [.. rows.Where(row => folds[row.Row] != fold)], _starts[k], cancellationToken);
                losses[k] = new double[_targetRows.Length];
                foreach (var i in _targetRows.Where(i => folds[i] == fold))
                    losses[k][_targetNumbers[i]] = LogLoss.Of(model.Predict(_inputs[i]), _job.Battles.Targets[i]);
                if (isStart)
                    _starts[k] = model;
            });
        return [.. Enumerable.Range(0, _targetRows.Length).Select(i => losses.Sum(part => part[i]) / _folds.Length)];
    }

    private static IEnumerable<int> Sample(int[] rows)
    {
        var count = Math.Min(rows.Length, MostRows);
        return Enumerable.Range(0, count).Select(k => rows[(int)((long)k * rows.Length / count)]);
    }
}
