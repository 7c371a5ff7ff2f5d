using Tiebreak.Core.Judging;

namespace Tiebreak.Tokenization.Budgets;

/// <summary>A judge that reads so many tokens of a battle and no more, and can say what it leaves out.</summary>
public interface IBudgetedJudge : IJudge
{
    /// <summary>Most tokens that it reads at once.</summary>
    int MaxTokens { get; }

    /// <summary>Takes what the budget costs battles, as the judge reads them. Default: null, nothing is noted.</summary>
    LossRecord? Losses { get; set; }

    /// <summary>Notes what the budget costs the battles that a record lacks. Judges nothing.</summary>
    /// <param name="losses">The record.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    Task MeasureLossesAsync(LossRecord losses, CancellationToken cancellationToken = default);
}
