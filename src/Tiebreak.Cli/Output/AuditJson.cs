using System.Text.Json.Nodes;
using Tiebreak.Data.Auditing;
using static Tiebreak.Core.Json.MetricJson;

namespace Tiebreak.Cli.Output;

/// <summary>An audit for machines: <c>rows</c>, and a count for every finding.</summary>
internal static class AuditJson
{
    public static JsonObject Create(Audit audit) => new()
    {
        ["rows"] = audit.Rows,
        ["prompts"] = audit.Prompts,
        ["files"] = new JsonArray([.. audit.Files.Select(file => new JsonObject
        {
            ["file"] = file.Name,
            ["rows"] = file.Rows,
            ["problems"] = file.Problems,
            ["test"] = file.IsTest,
        })]),
        ["findings"] = new JsonObject(
            audit.Findings.Select(finding => KeyValuePair.Create(finding.Name.Replace(' ', '_'), (JsonNode?)finding.Count))),
        ["examples"] = new JsonObject(audit.Findings.Where(finding => finding.Count > 0).Select(finding =>
            KeyValuePair.Create(
                finding.Name.Replace(' ', '_'), (JsonNode?)new JsonArray([.. finding.Examples.Select(id => JsonValue.Create(id))])))),
        ["verdicts"] = new JsonObject(audit.Verdicts.Select(verdict =>
            KeyValuePair.Create(AuditTables.Name(verdict.Key).Replace(' ', '_').ToLowerInvariant(), (JsonNode?)verdict.Value))),
        ["turns"] = new JsonObject(audit.Turns.Select(turn => KeyValuePair.Create($"{turn.Key}", (JsonNode?)turn.Value))),
        ["languages"] = new JsonObject(
            audit.Languages.Select(language => KeyValuePair.Create(language.Language, (JsonNode?)language.Battles))),
        ["sources"] = new JsonArray([.. audit.Sources.Select(source => new JsonObject
        {
            ["source"] = source.Source,
            ["license"] = source.License,
            ["battles"] = source.Battles,
        })]),
        ["lengths"] = new JsonArray([.. audit.Lengths.Select(length => new JsonObject
        {
            ["text"] = length.Text,
            ["mean"] = length.Mean,
            ["median"] = length.Median,
            ["p90"] = length.P90,
            ["p99"] = length.P99,
            ["longest"] = length.Longest,
        })]),
        ["tokens_are"] = audit.TokensAre,
        ["first_side_wins"] = Share(audit.FirstSide),
        ["longer_side_wins"] = Share(audit.LongerSide),
        ["length_curve"] = new JsonArray([.. audit.LengthCurve.Select(bin => new JsonObject
        {
            ["log_ratio"] = bin.LogRatio,
            ["battles"] = bin.Battles,
            ["a"] = bin.Shares.A,
            ["b"] = bin.Shares.B,
            ["tie"] = bin.Shares.Tie,
        })]),
        ["models"] = new JsonArray([.. audit.Models.Select(model => new JsonObject
        {
            ["model"] = model.Model,
            ["battles"] = model.Battles,
            ["win_rate"] = Number(model.WinRate),
            ["tie_rate"] = Number(model.TieRate),
        })]),
        ["pairs"] = new JsonArray([.. Pairs(audit.Pairs)]),
    };

    /// <summary>Every two models that met, once.</summary>
    private static IEnumerable<JsonNode> Pairs(PairTable pairs) =>
        from i in Enumerable.Range(0, pairs.Models.Count)
        from j in Enumerable.Range(i + 1, pairs.Models.Count - i - 1)
        where pairs.Battles[i, j] > 0
        select (JsonNode)new JsonObject
        {
            ["model"] = pairs.Models[i],
            ["against"] = pairs.Models[j],
            ["battles"] = (int)pairs.Battles[i, j],
            ["win_rate"] = Number(pairs.WinFraction[i, j]),
        };

    private static JsonObject Share(ShareOfWins share) => new()
    {
        ["share"] = Number(share.Share),
        ["ci"] = Range(share.Interval),
        ["battles"] = share.Battles,
    };
}
