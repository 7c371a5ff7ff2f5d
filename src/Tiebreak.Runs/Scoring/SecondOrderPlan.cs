using System.Text.Json;
using Tiebreak.Core.Battles;
using Tiebreak.Runs.Results;

namespace Tiebreak.Runs.Scoring;

/// <summary>Chooses the battles for the second order: those first on whose outcome the judge is least certain.</summary>
internal static class SecondOrderPlan
{
    /// <summary>
    /// Writes the plan if nobody has. All workers come to the same plan from the same results; where results differ by rounding (two
    /// workers did a shard on different devices), the first plan that is published holds for all.
    /// </summary>
    public static void Publish(RunContext run, RunResults results)
    {
        if (run.Storage.Read(RunContext.SecondFile) is not null)
            return;

        results.Refresh();
        int[] order =
        [
            .. Enumerable.Range(0, run.Battles.Count)
                .Select(row => (Row: row, Preference: results.FirstOrderOf(row)))
                .Where(row => row.Preference is not null)
                .OrderByDescending(row => Entropy(row.Preference!.Value))
                .ThenBy(row => row.Row)
                .Select(row => row.Row),
        ];
        run.Storage.TryPublish(RunContext.SecondFile, JsonSerializer.SerializeToUtf8Bytes(order, RunJson.Default.Int32Array));
    }

    /// <summary>Shannon entropy in nats: 0 for certainty, ln 3 for one third each.</summary>
    public static double Entropy(Preference preference) => Term(preference.A) + Term(preference.B) + Term(preference.Tie);

    private static double Term(double probability) => probability > 0 ? -probability * Math.Log(probability) : 0;
}
