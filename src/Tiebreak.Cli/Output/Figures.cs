using System.Globalization;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Cli.Output;

/// <summary>Metrics as texts, the same in every table. What does not exist (NaN) is "none".</summary>
internal static class Figures
{
    public static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Loss(double value) => double.IsFinite(value) ? value.ToString("F4", CultureInfo.InvariantCulture) : "none";

    public static string Percent(double value) => double.IsFinite(value) ? value.ToString("P1", CultureInfo.InvariantCulture) : "none";

    /// <summary>An amount of money or time, with four digits that matter.</summary>
    public static string Amount(double value) => value.ToString(Math.Abs(value) >= 1000 ? "N0" : "G4", CultureInfo.InvariantCulture);

    public static string Range(Interval interval) =>
        double.IsFinite(interval.Lower) ? $"{Loss(interval.Lower)} to {Loss(interval.Upper)}" : "none";

    public static string SignedRange(Interval interval) =>
        double.IsFinite(interval.Lower) ? $"{Signed.Format(interval.Lower, 4)} to {Signed.Format(interval.Upper, 4)}" : "none";

    public static string Band(CalibrationError error) => $"chance alone {Range(error.Expected)}{(error.IsBeyondChance ? " (worse)" : "")}";

    public static string Calibration(CalibrationError error) =>
        $"{Loss(error.Value)}{(error.IsBeyondChance ? " (worse than chance)" : "")}";
}
