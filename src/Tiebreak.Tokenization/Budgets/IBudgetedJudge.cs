using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Tokenization.Budgets;

/// <summary>A judge that reads so many tokens of a battle and no more, and can say what it leaves out.</summary>
public interface IBudgetedJudge : IJudge
{
    /// <summary>Most tokens that it reads at once.</summary>
    int MaxTokens { get; }

    /// <summary>What the budget costs these battles. Judges nothing.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    Task<BudgetReport> MeasureLossesAsync(IReadOnlyList<Battle> battles, CancellationToken cancellationToken = default);
}
