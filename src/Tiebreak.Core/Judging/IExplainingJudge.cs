using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Judging;

/// <summary>A judge that can say what in a battle moved its preference.</summary>
public interface IExplainingJudge : IJudge
{
    /// <summary>Says why, strongest reason first.</summary>
    /// <param name="battle">One battle.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    Task<IReadOnlyList<Reason>> ExplainAsync(Battle battle, CancellationToken cancellationToken = default);
}
