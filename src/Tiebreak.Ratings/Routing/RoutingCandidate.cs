namespace Tiebreak.Ratings.Routing;

/// <summary>A model that could answer a prompt.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Probability">
/// The probability that people would call its answer as good as the reference's or better; 1 for the reference itself.
/// </param>
/// <param name="Cost">What the answer is expected to cost, in the unit of the policy's objective.</param>
public readonly record struct RoutingCandidate(string Model, double Probability, double Cost);
