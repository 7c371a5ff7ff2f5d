using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers;

/// <summary>
/// How far preferences move between two forms of a model: adapter and merged, plain and quantised, float and int8. Computed over the same
/// rows.
/// </summary>
/// <param name="Rows">How many rows.</param>
/// <param name="MeanChange">The mean absolute change of a probability.</param>
/// <param name="LargestChange">The largest.</param>
/// <param name="Flips">The share of rows whose most probable answer is another.</param>
/// <param name="Divergence">
/// The mean Kullback-Leibler divergence of the second from the first, in nats: what it adds to the log loss of a calibrated model.
/// </param>
public sealed record PreferenceDrift(
    int Rows, double MeanChange, double LargestChange, double Flips, [property: JsonPropertyName("kl_divergence")] double Divergence)
{
    // Rows that are computed together.
    private const int BatchRows = 8;

    /// <summary>Computes rows in small batches.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">Token ids.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>Logits of each row.</returns>
    /// <exception cref="InputException">A row cannot be computed; it is named.</exception>
    internal static IReadOnlyList<float[]> Logits(
        TransformerModel model, IReadOnlyList<TokenSequence> rows, CancellationToken cancellationToken = default)
    {
        var logits = new List<float[]>(rows.Count);
        foreach (var batch in rows.Chunk(BatchRows))
        {
            cancellationToken.ThrowIfCancellationRequested();
            logits.AddRange(model.Compute(batch).Logits);
        }

        return logits;
    }

    /// <summary>Compares the softmax of logits.</summary>
    /// <param name="before">One row a battle.</param>
    /// <param name="after">The same battles in the same order.</param>
    public static PreferenceDrift Between(IReadOnlyList<float[]> before, IReadOnlyList<float[]> after)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(after.Count, before.Count);
        ArgumentOutOfRangeException.ThrowIfZero(before.Count);
        var (sum, count, largest, flips, divergence) = (0.0, 0, 0.0, 0, 0.0);
        for (var i = 0; i < before.Count; i++)
        {
            var (p, q) = (LogSoftmax(before[i]), LogSoftmax(after[i]));
            for (var j = 0; j < p.Length; j++)
            {
                var change = Math.Abs(Math.Exp(p[j]) - Math.Exp(q[j]));
                (sum, count, largest) = (sum + change, count + 1, Math.Max(largest, change));
                divergence += Math.Exp(p[j]) * (p[j] - q[j]);
            }

            flips += Array.IndexOf(before[i], before[i].Max()) != Array.IndexOf(after[i], after[i].Max()) ? 1 : 0;
        }

        return new PreferenceDrift(before.Count, sum / count, largest, (double)flips / before.Count, divergence / before.Count);
    }

    private static double[] LogSoftmax(float[] logits)
    {
        var max = logits.Max();
        var logSum = max + Math.Log(logits.Sum(logit => Math.Exp(logit - max)));
        return Array.ConvertAll(logits, logit => logit - logSum);
    }
}
