using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Calibration;

/// <summary>How battles of a special case ended.</summary>
/// <param name="Case">The case.</param>
/// <param name="Rows">Battles of the training that it rests on.</param>
/// <param name="Shares">
/// Their verdicts. Where one side is empty, A stands for that side; in the other cases, which have no sides, A and B have their mean.
/// </param>
public sealed record PostRule(SpecialCase Case, int Rows, Preference Shares);
