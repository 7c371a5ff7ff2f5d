using System.Globalization;

namespace Tiebreak.Reports.Plots;

/// <summary>Maps values to pixels and chooses round numbers to label.</summary>
/// <param name="Low">The lowest value shown.</param>
/// <param name="High">The highest value shown.</param>
/// <param name="From">The pixel of the lowest.</param>
/// <param name="To">The pixel of the highest.</param>
internal readonly record struct Axis(double Low, double High, double From, double To)
{
    public double this[double value] => High > Low ? From + ((value - Low) / (High - Low) * (To - From)) : From;

    /// <summary>About five round numbers within the range: steps of 1, 2 or 5 times a power of ten.</summary>
    public IEnumerable<double> Ticks()
    {
        if (!(High > Low))
            return [Low];

        var rough = (High - Low) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 };
        var (first, last) = (Math.Ceiling((Low / step) - 1e-9), Math.Floor((High / step) + 1e-9));
        return Enumerable.Range(0, (int)(last - first) + 1).Select(k => (first + k) * step);
    }

    public static string Label(double value)
    {
        var format = Math.Abs(value) switch
        {
            >= 1000 => "#,0",
            > 0 and < 0.001 => "0.##e0",
            _ => "0.####",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
