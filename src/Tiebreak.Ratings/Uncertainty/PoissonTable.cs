namespace Tiebreak.Ratings.Uncertainty;

/// <summary>Draws Poisson numbers of one mean from a table of the distribution, with a guide that jumps close to the answer (Chen and Asau 1974).</summary>
internal sealed class PoissonTable
{
    private const int Guides = 64;

    // Beyond nine standard deviations (and twenty more for small means) lies less than the 53 bits of a random number can reach.
    private const double Reach = 9;
    private const int ReachOfSmall = 20;

    private readonly int _lowest;
    private readonly double[] _cumulative;
    private readonly int[] _guide = new int[Guides];

    public PoissonTable(double mean)
    {
        var width = (int)(Reach * Math.Sqrt(mean)) + ReachOfSmall;
        var mode = (int)mean;
        _lowest = Math.Max(0, mode - width);
        var weights = new double[mode + width - _lowest + 1];
        weights[mode - _lowest] = 1;
        for (var k = mode + 1; k <= mode + width; k++)
            weights[k - _lowest] = weights[k - _lowest - 1] * mean / k;
        for (var k = mode; k > _lowest; k--)
            weights[k - _lowest - 1] = weights[k - _lowest] * k / mean;

        _cumulative = new double[weights.Length];
        var (sum, total) = (0.0, weights.Sum());
        for (var k = 0; k < weights.Length; k++)
            _cumulative[k] = (sum += weights[k]) / total;
        _cumulative[^1] = 1;
        for (var (guide, k) = (0, 0); guide < Guides; guide++)
        {
            while (_cumulative[k] <= (double)guide / Guides)
                k++;
            _guide[guide] = k;
        }
    }

    /// <param name="uniform">From 0 to below 1.</param>
    public int Draw(double uniform)
    {
        var k = _guide[(int)(uniform * Guides)];
        while (_cumulative[k] <= uniform)
            k++;
        return _lowest + k;
    }
}
