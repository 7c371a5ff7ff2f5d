using System.Globalization;

namespace Tiebreak.Cli.Output;

/// <summary>Differences with their sign; what rounds to zero has none ("-0.000" would say more than is known).</summary>
internal static class Signed
{
    public static string Format(double value, int digits)
    {
        var rounded = Math.Round(value, digits);
        var text = Math.Abs(rounded).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return rounded == 0 ? text : (rounded > 0 ? "+" : "-") + text;
    }
}
