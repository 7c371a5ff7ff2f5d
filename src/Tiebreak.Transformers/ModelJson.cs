using System.Text.Json.Serialization;
using Tiebreak.Core.Json;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Import;
using Tiebreak.Transformers.Inspection;
using Tiebreak.Transformers.Invariance;
using Tiebreak.Transformers.Logits;
using Tiebreak.Transformers.Planning;

namespace Tiebreak.Transformers;

/// <summary>What is said about models as JSON: names in snake_case.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(FiniteNumberConverter)])]
[JsonSerializable(typeof(CheckpointInspection))]
[JsonSerializable(typeof(CheckpointPlan))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(LogitsReport))]
[JsonSerializable(typeof(MergeReport))]
[JsonSerializable(typeof(ModelCheck))]
[JsonSerializable(typeof(QuantizationReport))]
[JsonSerializable(typeof(TuningPlan))]
internal sealed partial class ModelJson : JsonSerializerContext;
