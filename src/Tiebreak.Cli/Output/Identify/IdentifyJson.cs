using System.Text.Json.Nodes;
using Tiebreak.Core.Json;
using Tiebreak.Features.Identification;

namespace Tiebreak.Cli.Output.Identify;

/// <summary>Identification for machines.</summary>
internal static class IdentifyJson
{
    public static JsonObject Of(IdentificationResult result) => new()
    {
        ["all"] = Of(result.All),
        ["self_identifying"] = result.SelfIdentifying is { } leaks ? Of(leaks) : null,
        ["anonymous"] = result.Anonymous is { } anonymous ? Of(anonymous) : null,
        ["models"] = result.Models.Count,
        ["families"] = result.Families.Count,
        ["chance"] = result.Chance,
        ["majority"] = result.Majority,
        ["majority_top5"] = result.MajorityTop5,
        ["majority_family"] = result.MajorityFamily,
        ["share_log_loss"] = result.ShareLogLoss,
        ["confusion"] = Confusion(result.Models, result.Confusion),
        ["family_confusion"] = Confusion(result.Families, result.FamilyConfusion),
    };

    public static JsonArray Of(IReadOnlyList<ModelTells> tells) => new([.. tells.Select(model => new JsonObject
    {
        ["model"] = model.Model,
        ["responses"] = model.Responses,
        ["words"] = new JsonArray([.. model.Words.Select(term => new JsonObject { ["term"] = term.Term, ["nats"] = term.Nats })]),
        ["characters"] = new JsonArray([.. model.Characters.Select(term => new JsonObject { ["term"] = term.Term, ["nats"] = term.Nats })]),
        ["style"] = new JsonArray(
            [.. model.Style.Select(feature => new JsonObject { ["feature"] = feature.Feature, ["deviations"] = feature.Deviations })]),
    })]);

    private static JsonObject Of(IdentificationScore score) => new()
    {
        ["responses"] = score.Responses,
        ["top1"] = score.Top1,
        ["top1_ci"] = MetricJson.Range(score.Top1Interval),
        ["top5"] = score.Top5,
        ["top5_ci"] = MetricJson.Range(score.Top5Interval),
        ["family"] = score.Family,
        ["family_ci"] = MetricJson.Range(score.FamilyInterval),
        ["log_loss"] = MetricJson.Number(score.LogLoss),
    };

    private static JsonArray Confusion(IReadOnlyList<string> names, int[,] counts) => new(
    [
        .. Enumerable.Range(0, names.Count).SelectMany(i => Enumerable.Range(0, names.Count).Where(j => counts[i, j] > 0)
            .Select(j => new JsonObject { ["writer"] = names[i], ["said"] = names[j], ["responses"] = counts[i, j] })),
    ]);
}
