using System.Text.Json.Serialization;
using Tiebreak.Core.Json;
using Tiebreak.Hosting.Judging;
using Tiebreak.Hosting.Problems;
using Tiebreak.Hosting.Rating;
using Tiebreak.Hosting.Reading;
using Tiebreak.Hosting.Routing;
using Tiebreak.Hosting.Security;

namespace Tiebreak.Hosting;

/// <summary>Requests and answers as JSON: names in snake_case; what does not apply is left out; unknown keys are refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true,
    MaxDepth = JsonRequest.MaxDepth,
    Converters = [typeof(FiniteNumberConverter)])]
[JsonSerializable(typeof(ApiKeyFile))]
[JsonSerializable(typeof(BattleResult))]
[JsonSerializable(typeof(JudgeAnswer))]
[JsonSerializable(typeof(IReadOnlyList<RerankHit>))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(RateAnswer))]
[JsonSerializable(typeof(RateRequest))]
[JsonSerializable(typeof(RerankRequest))]
[JsonSerializable(typeof(RouteAnswer))]
[JsonSerializable(typeof(RouteRequest))]
internal sealed partial class ApiJson : JsonSerializerContext;
