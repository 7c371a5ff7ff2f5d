using Tiebreak.Core;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Transformers.Tuning;

/// <summary>
/// Which examples each step learns from. It follows from the seed and the step's number alone, so that a training that is resumed goes on
/// with the next ones. Batches run on from one pass over the battles into the next: each but the last has exactly the size of the recipe.
/// </summary>
internal sealed class BatchSchedule
{
    private readonly TuningRecipe _recipe;
    private readonly ulong _seed;
    private readonly Phase[] _phases;
    private readonly long _examples;

    /// <summary>Plans a training.</summary>
    /// <param name="target">Rows of the target's battles.</param>
    /// <param name="others">Rows of the other sources' battles.</param>
    /// <param name="recipe">Passes, orders and size of batches.</param>
    /// <param name="seed">Every order follows from it.</param>
    /// <exception cref="InputException">There is nothing to learn from.</exception>
    public BatchSchedule(IReadOnlyList<int> target, IReadOnlyList<int> others, TuningRecipe recipe, ulong seed)
    {
        (_recipe, _seed) = (recipe, seed);
        var options = recipe.Options;
        _phases = options.OtherEpochs is { } otherEpochs
            ? [PhaseOf(others, otherEpochs, 0), PhaseOf(target, options.Epochs, 1)]
            : [PhaseOf([.. target.Concat(others).Order()], options.Epochs, 0)];
        _examples = _phases.Sum(phase => phase.Examples);
        if (_examples == 0)
            throw new InputException("There is no battle to learn from; give more data, or more epochs.");
        Steps = checked((int)((_examples + options.BatchSize - 1) / options.BatchSize));
        Rows = [.. _phases.Where(phase => phase.Examples > 0).SelectMany(phase => phase.Rows)];
    }

    /// <summary>Steps of the training.</summary>
    public int Steps { get; }

    /// <summary>The rows that are learned from.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>After how many steps the model is evaluated; the last is the end of the training.</summary>
    public IReadOnlyList<int> EvaluationSteps
    {
        get
        {
            var epochs = _recipe.Options.Epochs + (_recipe.Options.OtherEpochs ?? 0);
            var count = (int)Math.Clamp(Math.Ceiling(epochs * _recipe.Options.EvaluationsPerEpoch), 1, Steps);
            return [.. Enumerable.Range(1, count).Select(i => (int)((long)Steps * i / count))];
        }
    }

    /// <summary>The examples of a step; both orders of one battle count as one.</summary>
    /// <param name="step">The step, from 0.</param>
    public IReadOnlyList<Example> Of(int step)
    {
        var size = _recipe.Options.BatchSize;
        var first = (long)step * size;
        var batch = new List<Example>(size);
        for (var place = first; place < Math.Min(first + size, _examples); place++)
            batch.AddRange(At(place));
        return batch;
    }

    private Phase PhaseOf(IReadOnlyList<int> rows, double epochs, int number)
    {
        var pass = rows.Count * (_recipe.Orders is ShownOrders.Rows ? 2 : 1);
        return new Phase(rows, pass, (long)Math.Round(pass * epochs), number);
    }

    private IEnumerable<Example> At(long place)
    {
        var phase = _phases[0];
        if (place >= phase.Examples)
        {
            place -= phase.Examples;
            phase = _phases[1];
        }

        var (pass, index) = Math.DivRem(place, phase.Pass);
        var drawn = phase.OrderOf(pass, _seed)[index];
        var battle = phase.Rows[drawn % phase.Rows.Count];
        return _recipe.Orders switch
        {
            ShownOrders.Rows => [new Example(battle, drawn >= phase.Rows.Count, 1)],
            ShownOrders.Coin => [new Example(battle, new SeededRandom(_seed, (ulong)pass << 32 | (uint)battle).Next(2) == 1, 1)],
            ShownOrders.Together => [new Example(battle, false, 0.5), new Example(battle, true, 0.5)],
            _ => [new Example(battle, false, 1)],
        };
    }

    /// <summary>Passes over some of the battles.</summary>
    /// <param name="Rows">The battles.</param>
    /// <param name="Pass">Examples of a pass.</param>
    /// <param name="Examples">Examples of all passes.</param>
    /// <param name="Number">Tells the phases of a training apart.</param>
    private sealed record Phase(IReadOnlyList<int> Rows, int Pass, long Examples, int Number)
    {
        private long _ordered = -1;
        private int[] _order = [];

        // Steps come one after the other: the order of one pass is kept.
        public int[] OrderOf(long pass, ulong seed)
        {
            if (pass != _ordered)
            {
                _order = [.. Enumerable.Range(0, Pass)];
                new SeededRandom(seed, ((ulong)(Number + 1) << 48) | (ulong)pass).Shuffle<int>(_order);
                _ordered = pass;
            }

            return _order;
        }
    }
}
