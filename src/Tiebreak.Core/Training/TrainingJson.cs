using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tiebreak.Core.Training;

/// <summary>How the files of a work folder are written: snake_case, no reflection; a loss may be infinite.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(TrainingEvent))]
internal sealed partial class TrainingJson : JsonSerializerContext;
