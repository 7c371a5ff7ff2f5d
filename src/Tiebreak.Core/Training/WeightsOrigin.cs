using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Training;

/// <summary>Where the weights of battles come from, for the facts of a bundle.</summary>
/// <param name="File">The file.</param>
/// <param name="Without">Battles that have no row in it and count 1.</param>
/// <param name="LeftOut">Battles whose weight is 0.</param>
internal sealed record WeightsOrigin(DataFingerprint File, int Without, int LeftOut)
{
    /// <summary>The number of equal battles whose mean would be as sure as the weighted one (Kish 1965): (sum w)^2 / sum w^2.</summary>
    public static double EffectiveCount(IReadOnlyList<double> weights)
    {
        var sum = weights.Sum();
        return sum * sum / weights.Sum(weight => weight * weight);
    }

    /// <summary>Adds to the report of a training what weights it had, and its log loss with them.</summary>
    /// <param name="report">The report of the trainer.</param>
    /// <param name="preferences">Calibrated preferences of <paramref name="scored"/>.</param>
    /// <param name="scored">The battles that were scored.</param>
    public JsonObject AddTo(JsonObject report, IReadOnlyList<Preference> preferences, LabelledBattles scored)
    {
        var weights = scored.Weights;
        report["weights"] = new JsonObject
        {
            ["file"] = File.File,
            ["sha256"] = File.Sha256,
            ["without"] = Without,
            ["left_out"] = LeftOut,
            ["least"] = weights.Min(),
            ["most"] = weights.Max(),
            ["effective_battles"] = EffectiveCount(weights),
            ["log_loss"] = weights.Zip(LogLoss.PerRow(preferences, scored.Targets), (weight, loss) => weight * loss).Sum() / weights.Sum(),
        };
        return report;
    }
}
