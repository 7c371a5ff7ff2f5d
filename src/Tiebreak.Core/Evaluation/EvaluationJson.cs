using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Tiebreak.Core.Json;

namespace Tiebreak.Core.Evaluation;

/// <summary>Evaluations as bundles store them. Values that do not exist (NaN) are null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(FiniteNumberConverter), typeof(IntervalConverter)])]
[JsonSerializable(typeof(EvaluationMetrics))]
internal sealed partial class EvaluationJson : JsonSerializerContext
{
    /// <summary>The metrics with the baselines beside them.</summary>
    public static JsonObject ToJson(EvaluationResult result, IReadOnlyList<Baseline> baselines) =>
        JsonSerializer.SerializeToNode(new EvaluationMetrics(result, baselines), Default.EvaluationMetrics)!.AsObject();
}
