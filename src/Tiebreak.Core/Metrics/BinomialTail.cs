namespace Tiebreak.Core.Metrics;

/// <summary>Exact binomial probabilities, and the bounds of a rate that follow from a count (Clopper and Pearson 1934).</summary>
internal static class BinomialTail
{
    private const int BisectionSteps = 60;
    private const double NegligibleShare = 1e-17;

    /// <summary>The probability of at most so many errors.</summary>
    /// <param name="errors">From 0 to <paramref name="rows"/>.</param>
    /// <param name="rows">Rows, each an error by itself.</param>
    /// <param name="rate">The probability that a row is one, above 0 and below 1.</param>
    public static double AtMost(int errors, int rows, double rate)
    {
        if (errors >= rows)
            return 1;

        // Above the mean the terms may be too small to be numbers: the other tail is summed.
        if (errors > rate * rows)
            return 1 - AtMost(rows - errors - 1, rows, 1 - rate);

        var (odds, sum) = ((1 - rate) / rate, 0.0);
        var term = Math.Exp(LogFactorial(rows) - LogFactorial(errors) - LogFactorial(rows - errors)
            + (errors * Math.Log(rate)) + ((rows - errors) * Math.Log(1 - rate)));
        for (var count = errors; count >= 0; count--)
        {
            sum += term;
            if (term < NegligibleShare * sum)
                break;
            term *= odds * count / (rows - count + 1);
        }

        return Math.Min(1, sum);
    }

    /// <summary>The rate that lies above the true one with some confidence.</summary>
    /// <param name="errors">From 0 to <paramref name="rows"/>.</param>
    /// <param name="rows">Rows; of none the rate can be anything.</param>
    /// <param name="confidence">For instance 0.95.</param>
    public static double UpperBound(int errors, int rows, double confidence)
    {
        if (errors >= rows)
            return 1;

        var (low, high) = ((double)errors / rows, 1.0);
        for (var step = 0; step < BisectionSteps; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = AtMost(errors, rows, middle) > 1 - confidence ? (middle, high) : (low, middle);
        }

        return high;
    }

    /// <summary>The rate that lies below the true one with some confidence.</summary>
    /// <param name="errors">From 0 to <paramref name="rows"/>.</param>
    /// <param name="rows">Rows; of none the rate can be anything.</param>
    /// <param name="confidence">For instance 0.95.</param>
    public static double LowerBound(int errors, int rows, double confidence) => 1 - UpperBound(rows - errors, rows, confidence);

    // Stirling's series; below 10 exactly.
    private static double LogFactorial(int n)
    {
        if (n < 10)
        {
            var product = 1.0;
            for (var factor = 2; factor <= n; factor++)
                product *= factor;
            return Math.Log(product);
        }

        var x = n + 1.0;
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI))
            + (1 / (12 * x)) - (1 / (360 * x * x * x)) + (1 / (1260 * Math.Pow(x, 5)));
    }
}
