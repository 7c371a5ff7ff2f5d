using Tiebreak.Core.Randomness;

namespace Tiebreak.Ratings.Uncertainty;

/// <summary>
/// Draws Poisson numbers of one mean from a table of the distribution. Ten random bits name one of 1,024 equal parts of the unit interval;
/// most parts lie within one number, which is then the answer, and the others are searched with a finer random number (Marsaglia 1963; Chen
/// and Asau 1974).
/// </summary>
internal sealed class PoissonTable
{
    /// <summary>Parts of the unit interval.</summary>
    public const int Parts = 1 << Bits;

    /// <summary>Random bits that name a part.</summary>
    public const int Bits = 10;

    /// <summary>Stands for a part that more than one number shares.</summary>
    public const ushort Shared = ushort.MaxValue;

    // Beyond nine standard deviations (and twenty more for small means) lies less than the 53 bits of a random number can reach.
    private const double Reach = 9;
    private const int ReachOfSmall = 20;

    private readonly int _lowest;
    private readonly double[] _cumulative;
    private readonly int[] _firstOfPart = new int[Parts];

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
        for (var (part, k) = (0, 0); part < Parts; part++)
        {
            while (_cumulative[k] <= (double)part / Parts)
                k++;
            _firstOfPart[part] = k;
        }
    }

    /// <summary>The number to which a part belongs, or <see cref="Shared"/>.</summary>
    public ushort Answer(int part)
    {
        var k = _firstOfPart[part];
        return _cumulative[k] >= (part + 1.0) / Parts && _lowest + k < Shared ? (ushort)(_lowest + k) : Shared;
    }

    /// <summary>Draws a number from a part.</summary>
    public int Draw(int part, ref SeededRandom random)
    {
        var (uniform, k) = ((part + random.NextDouble()) / Parts, _firstOfPart[part]);
        while (_cumulative[k] <= uniform)
            k++;
        return _lowest + k;
    }
}
