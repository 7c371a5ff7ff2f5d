using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tiebreak.Features.FeatureJudges;

/// <summary>Recipe options in snake_case.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FeatureJudgeOptions))]
[JsonSerializable(typeof(FeatureSwitches))]
internal sealed partial class FeatureJudgeJson : JsonSerializerContext;
