using System.Text.Json.Serialization;

namespace Tiebreak.Ratings.Diagnostics;

/// <summary>Votes of one kind among those whose removal changes an order.</summary>
/// <param name="Winner">The model that won, or one of two that tied.</param>
/// <param name="Loser">The model that lost, or the other of two that tied.</param>
/// <param name="IsTie">True if the votes were ties or both bad.</param>
/// <param name="Votes">How many are removed.</param>
public sealed record RemovedVotes(string Winner, string Loser, [property: JsonPropertyName("tie")] bool IsTie, int Votes);
