using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Runs.Labels;

namespace Tiebreak.Cli.Verbs.Scoring;

/// <summary>A prediction as pseudo-labels, and what is said about it.</summary>
internal static class LabelPrediction
{
    private const int ProblemsShown = 5;

    public static async Task<JsonObject> RunAsync(
        Session session, IJudge judge, string data, string path, CancellationToken cancellationToken)
    {
        var labels = await ProgressDisplay.RunAsync(session, progress => SoftLabels.WriteAsync(
            judge, data, path, new BattleReadOptions { Threads = session.Threads, Progress = progress, Stage = "labelling battles, bytes read" }, session.Warn, cancellationToken));
        foreach (var problem in labels.Problems.Take(ProblemsShown))
            session.Warn(problem);
        session.Say(string.Create(CultureInfo.InvariantCulture, $"Wrote {path}: {labels.Labelled:N0} battles with soft labels, {labels.LeftOut:N0} rows left out."));
        return new JsonObject
        {
            ["rows"] = labels.Labelled,
            ["left_out"] = labels.LeftOut,
            ["problems"] = new JsonArray([.. labels.Problems.Select(problem => JsonValue.Create(problem))]),
            ["out"] = path,
        };
    }
}
