using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Cli.Output;

/// <summary>What a training found out besides the judge, as tables.</summary>
internal static class TrainingTables
{
    private const int Shown = 10;

    public static void Show(Session session, JsonObject report)
    {
        if (report["scale"] is { } scale)
        {
            session.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"Fitted on the votes: scale {(double)scale:G3}{(report["tie_parameter"] is { } tie ? $", tie parameter {(double)tie:F3}" : "")}{(report["bias"] is JsonArray bias ? $", bias {string.Join(", ", bias.Select(value => ((double)value!).ToString("F2", CultureInfo.InvariantCulture)))} (A, B, tie)" : "")}."));
        }

        if (report["group_importances"] is JsonObject importances)
        {
            session.Show(new TextTable(
                "What the trees used most", ["Group of features", "Share of the gain"],
                [.. importances.Take(Shown).Select(group => new[] { group.Key, Format($"{(double)group.Value!:P1}") })]).ToTerminal());
        }

        if (report["sources"] is JsonArray sources)
        {
            session.Show(new TextTable(
                "Sources, and what each does to the target's log loss (chosen on the target's folds)",
                ["Source", "Rows", "Weight", "Gain", "95 % interval,\npaired"],
                [.. sources.Select(source => OfSource(source!))]).ToTerminal());
        }

        if (report["ablation"] is JsonArray ablation)
        {
            session.Show(new TextTable(
                "Without a group of features (out of fold, before calibration)", ["Left out", "Log loss", "Difference"],
                [.. ablation.Select(row => new[]
                {
                    (string)row!["without"]!, Format($"{(double)row["log_loss"]!:F4}"), Signed.Format((double)row["difference"]!, 4),
                })]).ToTerminal());
        }
    }

    private static string[] OfSource(JsonNode source) =>
    [
        (string)source["source"]!,
        Format($"{(int)source["rows"]!:N0}"),
        (bool)source["target"]! ? "target" : Format($"{(double)source["weight"]!:0.##}"),
        source["gain"] is { } gain ? Signed.Format((double)gain, 4) : "",
        source["gain_ci"] is JsonArray interval ? Figures.SignedRange(new Interval((double)interval[0]!, (double)interval[1]!)) : "",
    ];

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
