using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Evaluation;

/// <summary>
/// What a log loss means: a perfectly calibrated judge that has just that loss, worked out instead of measured. Its preferences follow a
/// Dirichlet distribution with the class shares as mean, p ~ Dir(k * shares), and each battle ends as its preference says. Then the log
/// loss is the mean entropy, psi(k + 1) - sum(share * psi(k * share + 1)): with k = 0 nothing is left to chance, with growing k the judge
/// knows the class shares and no more. Because it is calibrated, its accuracy equals its mean confidence (the highest of the three
/// probabilities).
/// </summary>
/// <remarks>
/// Means over the distribution are sums over a grid: P(tie) and P(A) / (P(A) + P(B)) are independent Beta variables, and the trapezoid rule
/// over their log odds is good to about 0.001 for them, and to about 0.01 for shares of rows, which jump at their limits.
/// </remarks>
internal sealed class DirichletJudge
{
    private const int GridPoints = 1001;
    private const double LeastLog = -40;

    private static readonly double[] Edges = [1.0 / 3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    private DirichletJudge(double concentration, Preference shares)
    {
        (Concentration, Shares) = (concentration, shares);
        var (rows, confidence) = (new double[Edges.Length - 1], new double[Edges.Length - 1]);
        var split = Beta(concentration * shares.A, concentration * shares.B);
        foreach (var (tie, tieWeight) in Beta(concentration * shares.Tie, concentration * (shares.A + shares.B)))
        {
            foreach (var (a, splitWeight) in split)
            {
                var weight = tieWeight * splitWeight;
                var (pA, pB) = ((1 - tie) * a, (1 - tie) * (1 - a));
                var top = Math.Max(tie, Math.Max(pA, pB));
                var bin = BinOf(top);
                rows[bin] += weight;
                confidence[bin] += weight * top;
                Accuracy += weight * top;
                Brier += weight * (1 - (pA * pA) - (pB * pB) - (tie * tie));
            }
        }

        ByConfidence = [.. rows.Select((share, bin) => new ConfidenceBin(Edges[bin], Edges[bin + 1], share, confidence[bin] / share))
            .Where(bin => bin.Rows > 1e-6)];
    }

    /// <summary>k: how close preferences stay to the class shares.</summary>
    public double Concentration { get; }

    /// <summary>The class shares.</summary>
    public Preference Shares { get; }

    /// <summary>The log loss in nats.</summary>
    public double LogLoss => LossOf(Concentration, Shares);

    /// <summary>Share of verdicts foreseen, which equals the mean confidence.</summary>
    public double Accuracy { get; }

    /// <summary>Mean Brier score, 0 to 2.</summary>
    public double Brier { get; }

    /// <summary>How sure the judge is how often, least sure first; bins without rows are left out.</summary>
    public IReadOnlyList<ConfidenceBin> ByConfidence { get; }

    /// <summary>The log loss of always predicting the class shares: no calibrated judge is worse.</summary>
    public static double LossOfShares(Preference shares) => -(Term(shares.A) + Term(shares.B) + Term(shares.Tie));

    /// <summary>The calibrated judge with a given log loss.</summary>
    /// <param name="logLoss">Above 0.01 and below <see cref="LossOfShares"/> (a judge without any loss has nothing to read).</param>
    /// <param name="shares">Shares of A, B and tie; none is 0.</param>
    /// <exception cref="InputException">No calibrated judge has this loss, or a share is 0.</exception>
    public static DirichletJudge WithLogLoss(double logLoss, Preference shares)
    {
        if (!(shares.A > 0.001 && shares.B > 0.001 && shares.Tie > 0.001))
        {
            throw new InputException($"The shares of A, B and tie must each be above 0.001, but they are {shares.A:0.####}, "
                + $"{shares.B:0.####} and {shares.Tie:0.####}.");
        }

        if (!(logLoss > 0.01 && logLoss < LossOfShares(shares) - 1e-6))
        {
            throw new InputException(
                $"No calibrated judge has the log loss {logLoss:0.####}: always predicting the class shares ({shares.A:P1} A, "
                + $"{shares.B:P1} B, {shares.Tie:P1} tie) gives {LossOfShares(shares):F4}. Give a loss between 0.01 and that.");
        }

        // The loss grows with k, so bisection of ln k finds it.
        var (low, high) = (Math.Log(1e-4), Math.Log(1e9));
        for (var step = 0; step < 100; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = LossOf(Math.Exp(middle), shares) < logLoss ? (middle, high) : (low, middle);
        }

        return new DirichletJudge(Math.Exp((low + high) / 2), shares);
    }

    private static double LossOf(double k, Preference shares) =>
        Digamma(k + 1) - (shares.A * Digamma((k * shares.A) + 1)) - (shares.B * Digamma((k * shares.B) + 1))
        - (shares.Tie * Digamma((k * shares.Tie) + 1));

    private static double Term(double share) => share > 0 ? share * Math.Log(share) : 0;

    private static int BinOf(double top)
    {
        var bin = Edges.Length - 2;
        while (bin > 0 && top < Edges[bin])
            bin--;
        return bin;
    }

    /// <summary>A Beta distribution as values with weights that sum to 1. Over log odds x its density is p^alpha * (1 - p)^beta.</summary>
    private static (double Value, double Weight)[] Beta(double alpha, double beta)
    {
        double LogDensity(double x) => (alpha * -Softplus(-x)) + (beta * -Softplus(x));

        var mode = Math.Log(alpha / beta);
        var peak = LogDensity(mode);
        double End(double direction)
        {
            var distance = 1e-3;
            while (LogDensity(mode + (direction * distance)) - peak > LeastLog)
                distance *= 1.1;
            return mode + (direction * distance);
        }

        var (from, to) = (End(-1), End(1));
        var points = new (double Value, double Weight)[GridPoints];
        for (var i = 0; i < points.Length; i++)
        {
            var x = from + ((to - from) * i / (GridPoints - 1));
            points[i] = (1 / (1 + Math.Exp(-x)), Math.Exp(LogDensity(x) - peak));
        }

        var sum = points.Sum(point => point.Weight);
        return Array.ConvertAll(points, point => (point.Value, point.Weight / sum));
    }

    // ln(1 + e^x) without overflow.
    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    // Recurrence up to 10, then the asymptotic series (Abramowitz and Stegun 6.3.5 and 6.3.18): good to 1e-12.
    private static double Digamma(double x)
    {
        var sum = 0.0;
        for (; x < 10; x++)
            sum -= 1 / x;
        var inverse = 1 / (x * x);
        return sum + Math.Log(x) - (0.5 / x)
            - (inverse * ((1.0 / 12) - (inverse * ((1.0 / 120) - (inverse * ((1.0 / 252) - (inverse / 240)))))));
    }
}
