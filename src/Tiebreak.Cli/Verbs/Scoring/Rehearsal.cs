using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Files;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Runs;
using Tiebreak.Runs.Rehearsals;

namespace Tiebreak.Cli.Verbs.Scoring;

/// <summary>The whole way from a test file to a checked submission, on a test file made of training data.</summary>
internal static class Rehearsal
{
    /// <summary>About as many battles as the competition scores.</summary>
    private const int CompetitionRows = 25_000;

    /// <summary>Writes <c>test.csv</c> into a folder, runs, checks the submission, and says how long the real test will take.</summary>
    public static async Task<JsonObject> RunAsync(
        Session session,
        Bundle bundle,
        (string Judge, string? Fallback, string Data, string Folder) paths,
        int rows,
        Func<RunRequest, RunRequest> adapt,
        CancellationToken cancellationToken)
    {
        var source = await BattleLoading.LoadAsync(session, [paths.Data], BattlePurpose.Explore, cancellationToken);
        var rehearsal = RehearsalBattles.Draw(source.Battles, rows, session.Seed);
        var test = Path.Combine(paths.Folder, "test.csv");
        CreateFolder(paths.Folder);
        BattleWriter.WriteKaggleTest(test, rehearsal.Battles);
        session.Say($"The rehearsal has {rehearsal.Battles.Count:N0} battles: " + string.Join(", ", rehearsal.Nasty.Select(kind => $"{kind.Value:N0} {kind.Key}")) + ".");

        var set = await BattleLoading.LoadAsync(session, [test], BattlePurpose.Test, cancellationToken);
        var submission = Path.Combine(paths.Folder, "submission.csv");
        var json = await RunPrediction.RunAsync(session, bundle, paths.Judge, paths.Fallback, set, judge => adapt(new RunRequest
        {
            Folder = Path.Combine(paths.Folder, "run"),
            Data = set,
            DataPath = test,
            Judge = judge,
            Out = submission,
            SecondOrder = SecondOrder.None,
        }), cancellationToken);

        var report = SubmissionFile.Check(submission, test);
        if (!report.IsValid)
            throw new TiebreakException($"The submission of the rehearsal is not valid: {report.Problems[0]}. Please report this.");

        var expected = (double)json["seconds"]! / rows * CompetitionRows;
        session.Say(string.Create(CultureInfo.InvariantCulture, $"The submission is valid. {CompetitionRows:N0} such battles would take {expected:F1} s."));
        json["nasty"] = new JsonObject(rehearsal.Nasty.Select(kind => KeyValuePair.Create(kind.Key, (JsonNode?)kind.Value)));
        json["seconds_for_25000"] = expected;
        return json;
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Explain(folder, exception);
        }
    }
}
