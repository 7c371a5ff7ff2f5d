namespace Tiebreak.Ratings.Uncertainty;

/// <summary>The ranks that a model may have; 1 is the best.</summary>
/// <param name="Best">The best rank.</param>
/// <param name="Worst">The worst rank.</param>
public readonly record struct RankRange(int Best, int Worst);
