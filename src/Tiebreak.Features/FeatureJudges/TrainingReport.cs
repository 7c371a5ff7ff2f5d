using System.Text.Json.Nodes;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Json;
using Tiebreak.Core.Judging;
using Tiebreak.Features.Counted;

namespace Tiebreak.Features.FeatureJudges;

/// <summary>
/// What <c>judge.json</c> says about the training of a feature judge: rounds, importances by name, and the ablation where it was asked for.
/// </summary>
internal static class TrainingReport
{
    public static JsonObject Create(
        FoldModels models, TrainingJob job, FeatureSchema schema, double[] importances, IReadOnlyList<SourceWeight> sources,
        AcceptabilityResult? neither, IReadOnlyList<Ablation> ablations)
    {
        var loss = models.Loss(job);
        var report = new JsonObject
        {
            ["rounds"] = new JsonArray([.. models.Trees.Rounds.Select(rounds => (JsonNode?)rounds)]),
            ["features"] = schema.Columns.Count,
            ["loss_before_calibration"] = loss,
            ["loss_of_trees"] = FoldModels.LossOf(job, models.Trees.OutOfFold),
            ["loss_of_linear_model"] = models.Linear is { } linear ? FoldModels.LossOf(job, linear.OutOfFold) : null,
            ["importances"] = new JsonObject(Sorted(schema.Names.Zip(importances))),
            ["group_importances"] = new JsonObject(Sorted(schema.Columns.Zip(importances)
                .GroupBy(column => column.First.Group, StringComparer.Ordinal)
                .Select(group => (group.Key, group.Sum(column => column.Second))))),
        };
        if (sources.Count > 1)
        {
            report["sources"] = new JsonArray([.. sources.Select(source => new JsonObject
            {
                ["source"] = source.Source,
                ["target"] = source.IsTarget,
                ["rows"] = source.Rows,
                ["weight"] = source.Weight,
                ["gain"] = source.Gain,
                ["gain_ci"] = source.GainInterval is { } interval ? MetricJson.Range(interval) : null,
            })]);
        }

        if (neither is not null)
            report["neither_acceptable"] = EvaluationJson.ToJson(neither);

        if (ablations.Count > 0)
        {
            report["ablation"] = new JsonArray([.. ablations.OrderByDescending(ablation => ablation.Loss).Select(ablation => new JsonObject
            {
                ["without"] = ablation.Group,
                ["log_loss"] = ablation.Loss,
                ["difference"] = ablation.Loss - loss,
            })]);
        }

        return report;
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Sorted(IEnumerable<(string Name, double Share)> shares) =>
        shares.OrderByDescending(share => share.Share).ThenBy(share => share.Name, StringComparer.Ordinal)
            .Select(share => KeyValuePair.Create(share.Name, (JsonNode?)Math.Round(share.Share, 6)));
}
