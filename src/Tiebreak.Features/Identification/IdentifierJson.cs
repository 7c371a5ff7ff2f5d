using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tiebreak.Features.Identification;

/// <summary>How <c>identifier.json</c> is written: snake_case, indented, no reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(IdentifierManifest))]
internal sealed partial class IdentifierJson : JsonSerializerContext;
