using Tiebreak.Core.Metrics;

namespace Tiebreak.Boosting.FeatureJudges;

/// <summary>What was decided about a source of training battles.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Rows">Its battles.</param>
/// <param name="IsTarget">Whether the judge is for it.</param>
/// <param name="Weight">How much each of its battles counts; 0: not learned from.</param>
/// <param name="Gain">
/// By how much it lowers the target's log loss at its weight, or at the best one tried where it was dropped; null where nothing was tried.
/// </param>
/// <param name="GainInterval">
/// 95 % interval of the gain: paired, by bootstrap over prompts. It does not know that the best of several weights was taken.
/// </param>
internal sealed record SourceWeight(
    string Source, int Rows, bool IsTarget, double Weight, double? Gain = null, Interval? GainInterval = null);
