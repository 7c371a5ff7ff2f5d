namespace Tiebreak.Core.Judging.Capabilities;

/// <summary>The limit of a judge that reads so many tokens of a battle and no more.</summary>
public interface ITokenBudget
{
    /// <summary>Most tokens that the judge reads at once.</summary>
    int MaxTokens { get; }

    /// <summary>Takes what the budget costs battles, as the judge reads them. Default: null, nothing is noted.</summary>
    LossRecord? Losses { get; set; }

    /// <summary>Notes what the budget costs the battles that a record lacks. Judges nothing.</summary>
    /// <param name="losses">The record.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    Task MeasureLossesAsync(LossRecord losses, CancellationToken cancellationToken = default);
}
