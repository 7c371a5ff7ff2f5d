namespace Tiebreak.Core.Metrics;

/// <summary>
/// Student's t distribution for whole degrees of freedom, by its finite series (Abramowitz and Stegun 26.7.3 and 26.7.4).
/// </summary>
internal static class StudentT
{
    /// <summary>The probability that |t| is below <paramref name="t"/>.</summary>
    /// <param name="t">0 or more.</param>
    /// <param name="degrees">Degrees of freedom, 1 or more.</param>
    public static double Within(double t, int degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        var angle = Math.Atan(t / Math.Sqrt(degrees));
        var (sine, cosine) = Math.SinCos(angle);
        var isOdd = degrees % 2 == 1;
        var term = isOdd ? cosine : 1.0;
        var sum = degrees == 1 ? 0 : term;
        for (var k = isOdd ? 3 : 2; k < degrees; k += 2)
        {
            term *= cosine * cosine * (k - 1) / k;
            sum += term;
        }

        return isOdd ? 2 / Math.PI * (angle + (sine * sum)) : sine * sum;
    }

    /// <summary>
    /// The t that |t| stays below with a given probability: 12.706 for 95 % and one degree of freedom, 1.960 for very many.
    /// </summary>
    /// <param name="level">Above 0, below 1.</param>
    /// <param name="degrees">Degrees of freedom, 1 or more.</param>
    public static double Quantile(double level, int degrees)
    {
        double low = 0, high = 1;
        while (Within(high, degrees) < level)
            high *= 2;
        for (var step = 0; step < 100; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = Within(middle, degrees) < level ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
