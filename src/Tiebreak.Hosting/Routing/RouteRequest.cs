using Tiebreak.Ratings.Routing;

namespace Tiebreak.Hosting.Routing;

/// <summary>Prompts for which a model is to be chosen.</summary>
/// <param name="Prompts">The opening prompts of conversations.</param>
/// <param name="Threshold">The probability to win or tie that is good enough; null for the policy's own.</param>
internal sealed record RouteRequest(IReadOnlyList<string> Prompts, double? Threshold = null);

/// <summary>The models that were chosen.</summary>
/// <param name="Choices">One for each prompt, in their order.</param>
internal sealed record RouteAnswer(IReadOnlyList<RoutingChoice> Choices);
