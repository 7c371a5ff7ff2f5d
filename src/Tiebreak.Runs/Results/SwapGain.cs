using Tiebreak.Core.Metrics;

namespace Tiebreak.Runs.Results;

/// <summary>What judging the second order changed, on labelled battles that have both orders.</summary>
/// <param name="Rows">How many they are.</param>
/// <param name="OneOrder">Mean log loss of the first order alone, in nats.</param>
/// <param name="BothOrders">Mean log loss of the mean of both orders, in nats.</param>
public sealed record SwapGain(int Rows, double OneOrder, double BothOrders)
{
    /// <summary>The gain on the rows of a run, or null where no row has labels and both orders.</summary>
    internal static SwapGain? Of(RunContext run, RunResults results)
    {
        var (rows, one, both) = (0, 0.0, 0.0);
        for (var row = 0; row < run.Battles.Count; row++)
        {
            if (run.Battles[row].Target is not { } target || results.SourceOf(row) != RowSource.BothOrders)
                continue;

            rows++;
            one += LogLoss.Of(results.FirstOrderOf(row)!.Value, target);
            both += LogLoss.Of(results.PreferenceOf(row), target);
        }

        return rows == 0 ? null : new SwapGain(rows, one / rows, both / rows);
    }
}
