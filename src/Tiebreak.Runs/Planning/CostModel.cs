namespace Tiebreak.Runs.Planning;

/// <summary>
/// How long a judge takes: <c>seconds = pace * (SecondsPerRow * rows + SecondsPerToken * tokens)</c>. The two rates are fitted to a sample
/// of short and long batches; the pace follows every shard that is measured, the latest ones most, so that a machine that slows down is
/// noticed.
/// </summary>
internal sealed class CostModel
{
    /// <summary>How much a measurement still counts one shard later: the last ten or so decide.</summary>
    private const double Memory = 0.9;

    private double _measured;
    private double _expected;

    /// <summary>Creates a model.</summary>
    /// <param name="secondsPerRow">Work that every battle costs, whatever its length.</param>
    /// <param name="secondsPerToken">Work that a token costs.</param>
    public CostModel(double secondsPerRow, double secondsPerToken)
    {
        SecondsPerRow = secondsPerRow;
        SecondsPerToken = secondsPerToken;
    }

    public double SecondsPerRow { get; }

    public double SecondsPerToken { get; }

    /// <summary>How much slower the machine is now than the two rates say; 1 before anything is measured.</summary>
    public double Pace => _expected > 0 ? _measured / _expected : 1;

    /// <summary>Least squares over measured batches, neither rate negative, each batch weighted so that relative errors count.</summary>
    public static CostModel Fit(IReadOnlyList<(int Rows, long Tokens, double Seconds)> batches)
    {
        double rr = 0, rt = 0, tt = 0, rs = 0, ts = 0;
        foreach (var (rows, tokens, seconds) in batches)
        {
            var weight = 1 / Math.Max(1e-12, seconds * seconds);
            rr += weight * rows * rows;
            rt += weight * rows * tokens;
            tt += weight * tokens * tokens;
            rs += weight * rows * seconds;
            ts += weight * tokens * seconds;
        }

        var determinant = (rr * tt) - (rt * rt);
        var perRow = determinant > 1e-9 * rr * tt ? ((rs * tt) - (ts * rt)) / determinant : 0;
        var perToken = determinant > 1e-9 * rr * tt ? ((ts * rr) - (rs * rt)) / determinant : ts / tt;
        return perRow < 0 ? new CostModel(0, ts / tt) : perToken < 0 ? new CostModel(rs / rr, 0) : new CostModel(perRow, perToken);
    }

    /// <summary>Takes a finished batch into account.</summary>
    public void Add(int rows, long tokens, double seconds)
    {
        _measured = (Memory * _measured) + seconds;
        _expected = (Memory * _expected) + Base(rows, tokens);
    }

    /// <summary>Seconds that so much work will take at today's pace.</summary>
    public double Predict(long rows, long tokens) => Pace * Base(rows, tokens);

    private double Base(long rows, long tokens) => (SecondsPerRow * rows) + (SecondsPerToken * tokens);
}
