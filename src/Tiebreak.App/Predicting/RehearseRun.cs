using System.Diagnostics;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Runs.Rehearsals;

namespace Tiebreak.App.Predicting;

/// <summary>The whole way from a test file to a checked submission, on a test file that is drawn from training data.</summary>
public sealed record RehearseRun
{
    /// <summary>About as many battles as the competition scores.</summary>
    private const int CompetitionRows = 25_000;

    /// <summary>
    /// How to run. <see cref="PredictInRun.Data"/> are the battles to draw from; files are written into <see cref="Folder"/>.
    /// </summary>
    public required PredictInRun Run { get; init; }

    /// <summary>The folder for the test file, the run and the submission. What it holds of something else is not overwritten.</summary>
    public required string Folder { get; init; }

    /// <summary>Battles to draw; the nastiest of every kind are among them.</summary>
    public required int Rows { get; init; }

    /// <summary>When the program started: a real run has to start and to open its judge too.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The file that the rehearsal draws, and its submission.</summary>
    private (string Test, string Submission) Paths => (Path.Combine(Folder, "test.csv"), Path.Combine(Folder, "submission.csv"));

    /// <summary>The run of the rehearsal, with the files in its folder.</summary>
    private PredictInRun OwnRun => Run with { Data = Paths.Test, Out = Paths.Submission, Folder = Path.Combine(Folder, "run") };

    /// <summary>Rehearses.</summary>
    /// <exception cref="InputException">A bundle or the data cannot be used, or the folder holds something else.</exception>
    /// <exception cref="TiebreakException">It was stopped, the judge fails, or a file cannot be written.</exception>
    public async Task<RehearsalDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var bundle = await context.OpenAsync(Run.Judge, cancellationToken).ConfigureAwait(false);
        await using var closing = bundle.ConfigureAwait(false);
        context = context.ReadingFor(bundle);
        var opening = DateTimeOffset.UtcNow - Started;
        // Test rows are drawn of whatever can be read.
        var lenient = context with { AcceptsLoss = true };
        var source = await BattleFiles.LoadAsync(lenient, [Run.Data], BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var rehearsal = RehearsalBattles.Draw(source.Battles, Rows, context.Seed);
        var (test, submission) = Paths;
        StorageError.Guard(Folder, () => Directory.CreateDirectory(Folder));
        WriteTest(test, submission, rehearsal.Battles);

        var clock = Stopwatch.StartNew();
        var set = await BattleFiles.LoadAsync(context, [test], BattlePurpose.Test, cancellationToken).ConfigureAwait(false);
        var reading = clock.Elapsed.TotalSeconds;
        var run = await OwnRun.RunAsync(context, bundle, set, cancellationToken).ConfigureAwait(false);
        var report = SubmissionFile.Check(submission, test);
        if (!report.IsValid)
            throw new TiebreakException($"The submission of the rehearsal is not valid: {report.Problems[0]}. Please report this.");

        return new RehearsalDocument(run)
        {
            Nasty = rehearsal.Nasty,
            Forecast = TimeForecast.OfOneOrder(run.Run, rehearsal.Battles, source.Battles, CompetitionRows) is { } oneOrder
                ? new RehearsalForecast(run, oneOrder, opening.TotalSeconds, reading, CompetitionRows)
                : null,
        };
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
        new($"{path} is there and not of this rehearsal, so it is not overwritten. Name another folder as `run`.")
        {
            Code = ErrorCodes.TargetExists,
            Parameters = ["run"],
        };
}
