using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Judging.Capabilities;

/// <summary>Says what in a battle moved a judge's preference.</summary>
public interface IBattleExplainer
{
    /// <summary>Explains one battle, strongest reason first.</summary>
    /// <param name="battle">The battle.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    Task<IReadOnlyList<Reason>> ExplainAsync(Battle battle, CancellationToken cancellationToken = default);
}

/// <summary>What one property of a battle did to a preference, in nats of log odds, before calibration.</summary>
/// <param name="Name">The property.</param>
/// <param name="Value">Its value in this battle; for differences: A minus B.</param>
/// <param name="TowardsA">Added to ln(P(A) / P(B)): above 0 it speaks for A, below 0 for B.</param>
/// <param name="TowardsTie">Added to ln(P(tie)) against the mean of ln(P(A)) and ln(P(B)).</param>
public readonly record struct Reason(string Name, double Value, double TowardsA, double TowardsTie);
