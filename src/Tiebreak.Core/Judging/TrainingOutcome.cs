using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;

namespace Tiebreak.Core.Judging;

/// <summary>What a finished training has to say.</summary>
/// <param name="Manifest">The manifest of the bundle that was written.</param>
/// <param name="Target">
/// The battles that were scored: those of the target source, or the part of them that was held out. The others were only there to
/// learn from.
/// </param>
/// <param name="OutOfFold">
/// Calibrated preferences of <paramref name="Target"/>, battle by battle, by judges that have not learned from the battle; each fold
/// is calibrated by the others.
/// </param>
/// <param name="Result">The metrics of <paramref name="OutOfFold"/>.</param>
/// <param name="Baselines">The trivial baselines beside them.</param>
/// <param name="Calibrations">What other ways of calibrating would do, the chosen one first.</param>
/// <param name="Refit">
/// What a second temperature would gain on <paramref name="OutOfFold"/>: near zero if the calibration did its work.
/// </param>
public sealed record TrainingOutcome(
    BundleManifest Manifest, LabelledBattles Target, IReadOnlyList<Preference> OutOfFold, EvaluationResult Result,
    IReadOnlyList<Baseline> Baselines, IReadOnlyList<CalibrationComparison> Calibrations, TemperatureRefit Refit);
