using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Evaluation;

/// <summary>How well preferences agree with people on one slice.</summary>
/// <param name="Slice">The slice's name.</param>
/// <param name="Rows">Its battles.</param>
/// <param name="Prompts">Distinct prompts among them.</param>
/// <param name="LogLoss">Mean log loss.</param>
/// <param name="LogLossInterval">95 % interval of the log loss, by bootstrap over prompts.</param>
/// <param name="Accuracy">Share of rows whose most probable outcome is the one that people chose.</param>
/// <param name="Calibration">Calibration of the most probable outcome.</param>
/// <param name="Difference">The log loss minus that of the whole set's class shares on the same rows: below 0 the judge is better.</param>
/// <param name="DifferenceInterval">95 % interval of the difference: paired, by bootstrap over prompts.</param>
public sealed record SliceResult(
    string Slice,
    int Rows,
    int Prompts,
    double LogLoss,
    Interval LogLossInterval,
    double Accuracy,
    CalibrationError Calibration,
    double Difference,
    Interval DifferenceInterval);
