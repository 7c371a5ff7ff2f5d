using System.Globalization;
using System.Text.Json.Nodes;

namespace Tiebreak.Cli.Output;

/// <summary>What a training found out besides the judge, as tables.</summary>
internal static class TrainingTables
{
    private const int Shown = 10;

    public static void Show(Session session, JsonObject report)
    {
        if (report["group_importances"] is JsonObject importances)
        {
            session.Show(new TextTable(
                "What the trees used most", ["Group of features", "Share of the gain"],
                [.. importances.Take(Shown).Select(group => new[] { group.Key, Format($"{(double)group.Value!:P1}") })]).ToTerminal());
        }

        if (report["ablation"] is JsonArray ablation)
        {
            session.Show(new TextTable(
                "Without a group of features (out of fold, before calibration)", ["Left out", "Log loss", "Difference"],
                [.. ablation.Select(row => new[] { (string)row!["without"]!, Format($"{(double)row["log_loss"]!:F4}"), Signed.Format((double)row["difference"]!, 4) })]).ToTerminal());
        }
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
