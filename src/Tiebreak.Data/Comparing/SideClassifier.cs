using Tiebreak.Core.Numerics;

namespace Tiebreak.Data.Comparing;

/// <summary>
/// Logistic regression with a ridge penalty, fitted by Newton's method, that says which of two files a battle is from. Features are divided
/// by their standard deviation first, so that the penalty is fair to all.
/// </summary>
internal sealed class SideClassifier
{
    private const double Penalty = 5; // half of it times the squared length of the coefficients, as against a sum over rows

    private readonly double[] _coefficients; // of the features as they are; the intercept is last
    private readonly int[] _numbers; // the place of a feature among the coefficients, -1 where it is not used

    private SideClassifier(double[] coefficients, int[] numbers) => (_coefficients, _numbers) = (coefficients, numbers);

    /// <summary>Fits.</summary>
    /// <param name="table">The features of all battles.</param>
    /// <param name="isUsed">Which features may be used.</param>
    /// <param name="rows">The battles to learn from.</param>
    /// <param name="isSecond">Of each battle of the table, whether it is from the second file.</param>
    public static SideClassifier Fit(FeatureTable table, Func<ComparedFeature, bool> isUsed, IReadOnlyList<int> rows, bool[] isSecond)
    {
        var (sums, squares) = (new double[table.Features.Count], new double[table.Features.Count]);
        foreach (var (feature, value) in rows.SelectMany(row => table.Rows[row]))
            (sums[feature], squares[feature]) = (sums[feature] + value, squares[feature] + (value * value));

        var numbers = new int[table.Features.Count];
        var (means, scales) = (new List<double>(), new List<double>());
        foreach (var (feature, compared) in table.Features.Index())
        {
            var mean = sums[feature] / rows.Count;
            var variance = (squares[feature] / rows.Count) - (mean * mean);
            numbers[feature] = isUsed(compared) && variance > 1e-9 ? means.Count : -1;
            if (numbers[feature] < 0)
                continue;
            means.Add(compared.IsShare ? 0 : mean); // shares stay sparse
            scales.Add(Math.Sqrt(variance));
        }

        var size = means.Count + 1;
        var result = Newton.Minimise(new double[size], (at, gradient, hessian) =>
        {
            var loss = 0.0;
            Span<int> places = stackalloc int[size];
            Span<double> values = stackalloc double[size];
            foreach (var row in rows)
            {
                var (count, score) = (0, at[^1]);
                foreach (var (feature, value) in table.Rows[row])
                {
                    if (numbers[feature] is >= 0 and var number)
                    {
                        (places[count], values[count]) = (number, (value - means[number]) / scales[number]);
                        score += at[number] * values[count++];
                    }
                }

                (places[count], values[count++]) = (size - 1, 1);
                var probability = 1 / (1 + Math.Exp(-score));
                loss += isSecond[row] ? Softplus(-score) : Softplus(score);
                var (slope, curvature) = (probability - (isSecond[row] ? 1 : 0), probability * (1 - probability));
                for (var i = 0; i < count; i++)
                {
                    gradient[places[i]] += slope * values[i];
                    for (var j = 0; j < count; j++)
                        hessian[places[i], places[j]] += curvature * values[i] * values[j];
                }
            }

            for (var i = 0; i < size - 1; i++)
            {
                loss += Penalty / 2 * at[i] * at[i];
                gradient[i] += Penalty * at[i];
                hessian[i, i] += Penalty;
            }

            return loss;
        });

        var coefficients = new double[size];
        coefficients[^1] = result.Parameters[^1];
        for (var i = 0; i < size - 1; i++)
        {
            coefficients[i] = result.Parameters[i] / scales[i];
            coefficients[^1] -= coefficients[i] * means[i];
        }

        return new SideClassifier(coefficients, numbers);
    }

    /// <summary>The probability that a battle is from the second file.</summary>
    public double ProbabilityOf(IReadOnlyList<(int Feature, double Value)> row)
    {
        var score = _coefficients[^1];
        foreach (var (feature, value) in row)
            score += _numbers[feature] is >= 0 and var number ? _coefficients[number] * value : 0;
        return 1 / (1 + Math.Exp(-score));
    }

    // ln(1 + e^x) without overflow.
    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
