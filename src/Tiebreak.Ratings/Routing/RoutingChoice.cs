namespace Tiebreak.Ratings.Routing;

/// <summary>The model that shall answer a prompt, and why.</summary>
public sealed record RoutingChoice
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// The probability that people would call its answer as good as the reference's or better; 1 for the reference itself.
    /// </summary>
    public required double Probability { get; init; }

    /// <summary>
    /// What the answer is expected to cost, in the unit of the policy's objective (the currency of the costs, or seconds).
    /// </summary>
    public required double Cost { get; init; }

    /// <summary>The same for the reference.</summary>
    public required double ReferenceCost { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>All models that could have been chosen, in the order of the policy.</summary>
    public required IReadOnlyList<RoutingCandidate> Candidates { get; init; }
}
