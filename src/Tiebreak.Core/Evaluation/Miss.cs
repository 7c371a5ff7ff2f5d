using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Evaluation;

/// <summary>A battle on which the judge was wrong and sure of itself.</summary>
/// <param name="Battle">The battle with what people said.</param>
/// <param name="Predicted">What the judge said.</param>
/// <param name="LogLoss">The loss of this row.</param>
public sealed record Miss(Battle Battle, Preference Predicted, double LogLoss);
