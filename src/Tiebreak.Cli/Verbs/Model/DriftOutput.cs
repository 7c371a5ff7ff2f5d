using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Transformers;

namespace Tiebreak.Cli.Verbs.Model;

/// <summary>A drift of preferences, for people and for machines.</summary>
internal static class DriftOutput
{
    public static TextTable Table(string title, PreferenceDrift drift) => new(
        title, ["Rows", "Mean change of a probability", "Largest change", "Other answer", "KL divergence, nats"],
        [[$"{drift.Rows:N0}", Text(drift.MeanChange, "F5"), Text(drift.LargestChange, "F4"), Text(drift.Flips, "P1"),
            Text(drift.Divergence, "F6")]]);

    public static JsonObject Json(PreferenceDrift drift) => new()
    {
        ["rows"] = drift.Rows,
        ["mean_change"] = drift.MeanChange,
        ["largest_change"] = drift.LargestChange,
        ["flips"] = drift.Flips,
        ["kl_divergence"] = drift.Divergence,
    };

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
