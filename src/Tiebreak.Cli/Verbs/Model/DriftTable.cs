using Tiebreak.Reports.Documents;
using Tiebreak.Transformers;

namespace Tiebreak.Cli.Verbs.Model;

/// <summary>A drift of preferences for people.</summary>
internal static class DriftTable
{
    public static TextTable Of(string title, PreferenceDrift drift) => new(
        title, ["Rows", "Mean change of a probability", "Largest change", "Other answer", "KL divergence, nats"],
        [
            [
                NumberText.Count(drift.Rows), NumberText.Of(drift.MeanChange, "F5"), NumberText.Of(drift.LargestChange, "F4"),
                NumberText.Percent(drift.Flips), NumberText.Of(drift.Divergence, "F6"),
            ],
        ]);
}
