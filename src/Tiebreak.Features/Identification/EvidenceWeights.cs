namespace Tiebreak.Features.Identification;

/// <summary>
/// How much each kind of evidence counts: the weights of words, runs of characters and style with the lowest log loss on responses that
/// were not seen.
/// </summary>
internal static class EvidenceWeights
{
    private const int Sweeps = 6;
    private const double Most = 20;
    private const double Tolerance = 1e-3;

    /// <summary>
    /// Finds the weights one by one, several times over. The loss is convex, and convex in each weight, so that golden-section search finds
    /// it.
    /// </summary>
    /// <param name="scores">Of each kind, the scores of every response.</param>
    /// <param name="labels">Who wrote it.</param>
    /// <param name="priors">ln of the models' shares.</param>
    /// <param name="rows">The responses that count.</param>
    public static double[] Fit(IReadOnlyList<IReadOnlyList<float[]>> scores, int[] labels, IReadOnlyList<double> priors, int[] rows)
    {
        var weights = new double[scores.Count];
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var kind = 0; kind < weights.Length; kind++)
                weights[kind] = FitOne(scores, labels, priors, rows, weights, kind);
        }

        return weights;
    }

    /// <summary>The probabilities of a response from the scores of each kind.</summary>
    public static double[] Combine(IReadOnlyList<float[]> scores, IReadOnlyList<double> priors, double[] weights)
    {
        var probabilities = new double[priors.Count];
        for (var m = 0; m < probabilities.Length; m++)
        {
            probabilities[m] = priors[m];
            for (var kind = 0; kind < weights.Length; kind++)
                probabilities[m] += weights[kind] * scores[kind][m];
        }

        System.Numerics.Tensors.TensorPrimitives.SoftMax<double>(probabilities, probabilities);
        return probabilities;
    }

    private static double FitOne(
        IReadOnlyList<IReadOnlyList<float[]>> scores, int[] labels, IReadOnlyList<double> priors, int[] rows, double[] weights, int kind)
    {
        // What the other kinds say does not change meanwhile.
        var others = rows.Select(row =>
        {
            var sums = new double[priors.Count];
            for (var m = 0; m < sums.Length; m++)
            {
                sums[m] = priors[m];
                for (var other = 0; other < weights.Length; other++)
                    sums[m] += other == kind ? 0 : weights[other] * scores[other][row][m];
            }

            return sums;
        }).ToArray();
        var (low, high, ratio) = (0.0, Most, (Math.Sqrt(5) - 1) / 2);
        var (left, right) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
        var (lossLeft, lossRight) = (Loss(left), Loss(right));
        while (high - low > Tolerance)
        {
            if (lossLeft < lossRight)
            {
                (high, right, lossRight) = (right, left, lossLeft);
                lossLeft = Loss(left = high - (ratio * (high - low)));
            }
            else
            {
                (low, left, lossLeft) = (left, right, lossRight);
                lossRight = Loss(right = low + (ratio * (high - low)));
            }
        }

        return (low + high) / 2 < 2 * Tolerance ? 0 : (low + high) / 2;

        double Loss(double weight)
        {
            var sum = 0.0;
            var values = new double[priors.Count];
            for (var i = 0; i < rows.Length; i++)
            {
                var own = scores[kind][rows[i]];
                var max = double.NegativeInfinity;
                for (var m = 0; m < values.Length; m++)
                    max = Math.Max(max, values[m] = others[i][m] + (weight * own[m]));
                var total = 0.0;
                foreach (var value in values)
                    total += Math.Exp(value - max);
                sum += max + Math.Log(total) - values[labels[rows[i]]];
            }

            return sum;
        }
    }
}
