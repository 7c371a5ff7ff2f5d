using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Judging.Capabilities;

/// <summary>The limit of a judge that reads so many tokens of a battle and no more.</summary>
public interface ITokenBudget
{
    /// <summary>Most tokens that the judge reads at once.</summary>
    int MaxTokens { get; }

    /// <summary>What the budget costs these battles. Judges nothing.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    Task<BudgetReport> MeasureLossesAsync(IReadOnlyList<Battle> battles, CancellationToken cancellationToken = default);
}
