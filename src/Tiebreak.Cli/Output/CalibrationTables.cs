using System.Globalization;
using System.Text.Json;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;

namespace Tiebreak.Cli.Output;

/// <summary>What a training says about calibration.</summary>
internal static class CalibrationTables
{
    public static void Show(Session session, TrainingOutcome outcome)
    {
        session.Show(new TextTable(
            "Calibration, out of fold (each fold by the others)", ["Method", "Log loss", "Difference", "95 % interval,\npaired"],
            [.. outcome.Calibrations.Select(comparison => new[]
            {
                Name(comparison.Calibrator) + (comparison.IsChosen ? " (chosen; against none)" : ""),
                Figures.Loss(comparison.LogLoss),
                Signed.Format(-comparison.Gain, 4),
                Figures.SignedRange(new(-comparison.GainInterval.Upper, -comparison.GainInterval.Lower)),
            })]).ToTerminal());
        session.Say(EvaluationTables.Refit(outcome.Refit));
    }

    /// <summary>How a bundle was calibrated, in a few words.</summary>
    public static string Describe(Calibrator calibrator, BundleManifest manifest) => calibrator is { Method: CalibrationMethod.Temperature }
        ? string.Create(
            CultureInfo.InvariantCulture, $"temperature {manifest.Temperature:F3}{(calibrator.WithPostRules ? ", post-rules" : "")}")
        : $"calibration {Name(calibrator)}";

    private static string Name(Calibrator calibrator) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(calibrator.Method.ToString()) + (calibrator.WithPostRules ? " + post_rules" : "");
}
