using System.Globalization;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Reports.Documents;

/// <summary>Numbers as texts, the same in every table and under every culture. What does not exist (NaN) is "none".</summary>
public static class NumberText
{
    /// <summary>A whole number with separators of thousands.</summary>
    public static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A loss or another metric, with four digits.</summary>
    public static string Loss(double value) => double.IsFinite(value) ? Of(value, "F4") : "none";

    /// <summary>A share from 0 to 1 in percent, with one digit.</summary>
    public static string Percent(double value) => double.IsFinite(value) ? Of(value, "P1") : "none";

    /// <summary>A share of a whole in percent.</summary>
    public static string Percent(int part, int whole) => Percent((double)part / whole);

    /// <summary>An amount of money or time, with four digits that matter.</summary>
    public static string Amount(double value) => value.ToString(Math.Abs(value) >= 1000 ? "N0" : "G4", CultureInfo.InvariantCulture);

    /// <summary>Any number in a format of .NET; what rounds to zero has no sign.</summary>
    public static string Of(double value, string format)
    {
        var text = value.ToString(format, CultureInfo.InvariantCulture);
        return text.StartsWith('-') && !text.AsSpan().ContainsAnyInRange('1', '9') ? text[1..] : text;
    }

    /// <summary>A number with its sign; what rounds to zero has none ("-0.000" would say more than is known).</summary>
    public static string Signed(double value, int digits)
    {
        var rounded = Math.Round(value, digits);
        var text = Math.Abs(rounded).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return rounded == 0 ? text : (rounded > 0 ? "+" : "-") + text;
    }

    /// <summary>Both ends of an interval.</summary>
    public static string Range(Interval interval, int digits = 4)
    {
        var format = "F" + digits.ToString(CultureInfo.InvariantCulture);
        return double.IsFinite(interval.Lower) ? $"{Of(interval.Lower, format)} to {Of(interval.Upper, format)}" : "none";
    }

    /// <summary>Both ends of an interval of shares, in percent.</summary>
    public static string PercentRange(Interval interval) =>
        double.IsFinite(interval.Lower) ? $"{Percent(interval.Lower)} to {Percent(interval.Upper)}" : "none";

    /// <summary>Both ends of an interval with their signs.</summary>
    public static string SignedRange(Interval interval, int digits = 4) =>
        double.IsFinite(interval.Lower) ? $"{Signed(interval.Lower, digits)} to {Signed(interval.Upper, digits)}" : "none";

    /// <summary>A calibration error, and whether chance explains it.</summary>
    public static string Calibration(CalibrationError error) =>
        $"{Loss(error.Value)}{(error.IsBeyondChance ? " (worse than chance)" : "")}";
}
