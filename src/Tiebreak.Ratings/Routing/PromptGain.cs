using Tiebreak.Core.Metrics;

namespace Tiebreak.Ratings.Routing;

/// <summary>
/// Whether looking at prompts helps to predict votes on prompts that were not seen: mean log losses over A, B and tie, in nats.
/// </summary>
public sealed record PromptGain
{
    /// <summary>Votes that were held out.</summary>
    public required int Votes { get; init; }

    /// <summary>Different prompts among them.</summary>
    public required int Prompts { get; init; }

    /// <summary>
    /// Bradley-Terry with the share of ties, one rating for all prompts; at the best of several penalties. NaN if it was not fitted.
    /// </summary>
    public required double BradleyTerry { get; init; }

    /// <summary>The policy's predictor without prompts.</summary>
    public required double WithoutPrompts { get; init; }

    /// <summary>The policy's predictor with prompts.</summary>
    public required double WithPrompts { get; init; }

    /// <summary>95 % interval of the loss with prompts less that of Bradley-Terry, votes of a prompt taken together.</summary>
    public required Interval ToBradleyTerry { get; init; }

    /// <summary>The same against the predictor without prompts.</summary>
    public required Interval ToWithoutPrompts { get; init; }

    /// <summary>True if prompts help beyond chance.</summary>
    public bool Helps => ToWithoutPrompts.Upper < 0;
}
