namespace Tiebreak.Core.Metrics;

/// <summary>
/// A straight line y = slope * x + intercept by least squares, with the 95 % intervals of textbook regression (normal errors of equal
/// size).
/// </summary>
public sealed record LineFit
{
    private readonly double _meanX;
    private readonly double _sumOfSquaresX;
    private readonly double _t;

    private LineFit(int points, double meanX, double sumOfSquaresX)
    {
        (Points, _meanX, _sumOfSquaresX) = (points, meanX, sumOfSquaresX);
        _t = StudentT.Quantile(0.95, points - 2);
    }

    /// <summary>Points that the line was fitted to.</summary>
    public int Points { get; }

    /// <summary>How much y grows with x.</summary>
    public double Slope { get; private init; }

    /// <summary>y at x = 0.</summary>
    public double Intercept { get; private init; }

    /// <summary>Standard deviation of the points around the line (n - 2 degrees of freedom).</summary>
    public double Residual { get; private init; }

    /// <summary>95 % interval of <see cref="Slope"/>. With 0 inside, x says nothing certain about y.</summary>
    public Interval SlopeInterval => Around(Slope, Residual / Math.Sqrt(_sumOfSquaresX));

    /// <summary>95 % interval of <see cref="Intercept"/>.</summary>
    public Interval InterceptInterval => Around(Intercept, Residual * Math.Sqrt((1.0 / Points) + (_meanX * _meanX / _sumOfSquaresX)));

    /// <summary>Fits a line; null for fewer than three points, or where all x are the same: then no line follows from them.</summary>
    public static LineFit? Of(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count < 3)
            return null;

        var (meanX, meanY) = (points.Average(point => point.X), points.Average(point => point.Y));
        var squares = points.Sum(point => (point.X - meanX) * (point.X - meanX));
        if (squares <= 1e-18 * points.Count * meanX * meanX)
            return null;

        var slope = points.Sum(point => (point.X - meanX) * (point.Y - meanY)) / squares;
        var intercept = meanY - (slope * meanX);
        var residual = Math.Sqrt(points.Sum(point => Math.Pow(point.Y - intercept - (slope * point.X), 2)) / (points.Count - 2));
        return new LineFit(points.Count, meanX, squares) { Slope = slope, Intercept = intercept, Residual = residual };
    }

    /// <summary>y on the line.</summary>
    public double At(double x) => Intercept + (Slope * x);

    /// <summary>Where one more point at x would lie in 95 % of the cases.</summary>
    public Interval PredictionInterval(double x) =>
        Around(At(x), Residual * Math.Sqrt(1 + (1.0 / Points) + ((x - _meanX) * (x - _meanX) / _sumOfSquaresX)));

    private Interval Around(double value, double error) => new(value - (_t * error), value + (_t * error));
}
