using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Runs.Budgets;
using Tiebreak.Runs.Leases;
using Tiebreak.Runs.Results;

namespace Tiebreak.Runs;

/// <summary>How the JSON files of a run are written: snake_case, indented, no reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunManifest))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(ShardMarker))]
[JsonSerializable(typeof(StopTime))]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(int[]))]
internal sealed partial class RunJson : JsonSerializerContext;
