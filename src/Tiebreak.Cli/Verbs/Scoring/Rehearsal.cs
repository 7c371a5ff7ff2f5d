using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
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

    /// <summary>A judge that worked for less has hardly warmed up.</summary>
    private const double ShortSeconds = 20;

    /// <summary>
    /// Writes <c>test.csv</c> into a folder that has none, or this one, runs, checks the submission, and says how long the real test will
    /// take.
    /// </summary>
    public static async Task<JsonObject> RunAsync(
        Session session,
        Bundle bundle,
        (string Judge, string? Fallback, string Data, string Folder) paths,
        int rows,
        Func<RunRequest, RunRequest> adapt,
        CancellationToken cancellationToken)
    {
        // Until now the process started and the judge was opened, which a real run does too.
        var opening = DateTimeOffset.Now - RunOptions.Started;
        var source = await BattleLoading.LoadAsync(session, [paths.Data], BattlePurpose.Explore, cancellationToken);
        var rehearsal = RehearsalBattles.Draw(source.Battles, rows, session.Seed);
        var test = Path.Combine(paths.Folder, "test.csv");
        var submission = Path.Combine(paths.Folder, "submission.csv");
        CreateFolder(paths.Folder);
        WriteTest(test, submission, rehearsal.Battles);
        session.Say(string.Create(CultureInfo.InvariantCulture, $"The rehearsal has {rehearsal.Battles.Count:N0} battles. Drawn on purpose: ") +
            string.Join(", ", rehearsal.Nasty.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Value:N0} {kind.Key}"))) + ".");

        var clock = Stopwatch.StartNew();
        var set = await BattleLoading.LoadAsync(session, [test], BattlePurpose.Test, cancellationToken);
        var reading = clock.Elapsed.TotalSeconds;
        var run = Path.Combine(paths.Folder, "run");
        var json = await RunPrediction.RunAsync(session, bundle, paths.Judge, paths.Fallback, set, judge => adapt(new RunRequest
        {
            Folder = run,
            Data = set,
            DataPath = test,
            Judge = judge,
            Out = submission,
            SecondOrder = SecondOrder.None,
        }), cancellationToken);

        var report = SubmissionFile.Check(submission, test);
        if (!report.IsValid)
            throw new TiebreakException($"The submission of the rehearsal is not valid: {report.Problems[0]}. Please report this.");

        session.Say("The submission is valid.");
        json["nasty"] = new JsonObject(rehearsal.Nasty.Select(kind => KeyValuePair.Create(kind.Key, (JsonNode?)kind.Value)));
        json["seconds_for_25000"] = Forecast(session, run, (rehearsal, source), json, (opening.TotalSeconds, reading));
        return json;
    }

    // The time of a real test of the competition's size, from the start of the command to its end.
    private static double? Forecast(
        Session session, string run, (RehearsalBattles Rehearsal, BattleSet Source) battles, JsonObject json, (double Opening, double Reading) loading)
    {
        var rows = battles.Rehearsal.Battles.Count;
        if (TimeForecast.OfOneOrder(run, battles.Rehearsal.Battles, battles.Source.Battles, CompetitionRows) is not { } oneOrder)
        {
            session.Say("Not one shard was finished, so nothing can be said about the time of a real test.");
            return null;
        }

        var (orders, workers) = (string.Equals((string?)json["second_order"], "none", StringComparison.Ordinal) ? 1 : 2, (int)json["workers"]!);
        var judging = oneOrder * orders / workers;
        var writing = Math.Max(0, (double)json["seconds"]! - ((double)json["judge_seconds"]! / workers));
        var expected = loading.Opening + judging + ((loading.Reading + writing) / rows * CompetitionRows);
        session.Say(string.Create(CultureInfo.InvariantCulture,
            $"A test of {CompetitionRows:N0} battles would take {expected:N1} s from start to end, {judging:N1} s of them for judging {(orders == 1 ? "one order" : "both orders")}."));
        if (rows < CompetitionRows && (double)json["judge_seconds"]! < ShortSeconds)
            session.Say("This rehearsal was short, and programs are slow in their first seconds, so it may well be less. Rehearse more battles to know.");
        return expected;
    }

    // The folder may hold files of the user's: only those of the same rehearsal are replaced.
    private static void WriteTest(string test, string submission, IReadOnlyList<Battle> battles)
    {
        if (!File.Exists(test) && File.Exists(submission))
            throw NotOfTheRehearsal(submission);

        var written = $"{test}.{Guid.NewGuid():N}.tmp";
        BattleWriter.WriteKaggleTest(written, battles);
        try
        {
            if (File.Exists(test) && !File.ReadAllBytes(test).AsSpan().SequenceEqual(File.ReadAllBytes(written)))
                throw NotOfTheRehearsal(test);
            File.Move(written, test, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Explain(test, exception);
        }
        finally
        {
            File.Delete(written);
        }
    }

    private static InputException NotOfTheRehearsal(string path) =>
        new($"{path} is there and not of this rehearsal, so it is not overwritten. Name another folder with --run.");

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
