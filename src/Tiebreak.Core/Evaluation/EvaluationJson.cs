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
[JsonSerializable(typeof(AcceptabilityResult))]
internal sealed partial class EvaluationJson : JsonSerializerContext
{
    /// <summary>The metrics with the baselines beside them.</summary>
    public static JsonObject ToJson(EvaluationResult result, IReadOnlyList<Baseline> baselines) =>
        JsonSerializer.SerializeToNode(new EvaluationMetrics(result, baselines), Default.EvaluationMetrics)!.AsObject();

    /// <summary>How well it is foretold that neither response is acceptable.</summary>
    public static JsonObject ToJson(AcceptabilityResult result) =>
        JsonSerializer.SerializeToNode(result, Default.AcceptabilityResult)!.AsObject();
}
