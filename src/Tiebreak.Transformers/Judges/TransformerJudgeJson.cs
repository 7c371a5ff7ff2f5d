using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Transformers.Judges.Bundling;

namespace Tiebreak.Transformers.Judges;

/// <summary>Recipe options and the bundle's own file, in snake_case.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TransformerJudgeOptions))]
[JsonSerializable(typeof(BundledTransformer))]
internal sealed partial class TransformerJudgeJson : JsonSerializerContext;
