using System.Text.Json.Serialization;

namespace Tiebreak.Client;

/// <summary>What is sent and received as JSON. Keys of later versions of the service are passed over.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Battle))]
[JsonSerializable(typeof(JudgedBattle))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(RateAnswer))]
[JsonSerializable(typeof(RateRequest))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>A problem document of the service (RFC 9457).</summary>
internal sealed record ProblemDocument(string? Detail, string? Code);

internal sealed record RateRequest(string Prompt, IReadOnlyList<string> Responses);

internal sealed record RateAnswer(IReadOnlyList<RankedResponse> Ranking);
