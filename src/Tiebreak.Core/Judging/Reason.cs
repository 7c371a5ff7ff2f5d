namespace Tiebreak.Core.Judging;

/// <summary>What one property of a battle did to a preference, in nats of log odds, before calibration.</summary>
/// <param name="Name">The property.</param>
/// <param name="Value">Its value in this battle; for differences: A minus B.</param>
/// <param name="TowardsA">Added to ln(P(A) / P(B)): above 0 it speaks for A, below 0 for B.</param>
/// <param name="TowardsTie">Added to ln(P(tie)) against the mean of ln(P(A)) and ln(P(B)).</param>
public readonly record struct Reason(string Name, double Value, double TowardsA, double TowardsTie);
