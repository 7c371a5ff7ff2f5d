using System.Globalization;
using System.Text;
using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;
using Tiebreak.Runs.Budgets;
using Tiebreak.Runs.Leases;
using Tiebreak.Runs.Results;
using Tiebreak.Runs.Scoring;

namespace Tiebreak.Runs;

/// <summary>Works itself, starts more workers, keeps the submission up to date, and says in the end what became of the run.</summary>
internal sealed class RunCoordinator(RunContext run, RunRequest request, LeaseOwner owner)
{
    /// <summary>Writing the submission may take this share of the time.</summary>
    private const double WritingShare = 0.01;

    private readonly RunResults _results = new(run);
    private readonly string[] _ids = [.. run.Battles.Select(battle => battle.Id)];

    public async Task<RunReport> RunAsync(long started, TimeSpan firstSubmission, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                await WorkAsync(cancellationToken).ConfigureAwait(false);
                UpdateSubmission();
            }
            while (!IsComplete() && !IsTimeUp() && !cancellationToken.IsCancellationRequested);
        }
        catch (Exception exception) when (exception is TiebreakException or OperationCanceledException)
        {
            UpdateSubmission();
            throw;
        }

        var report = Report(started, firstSubmission);
        run.Storage.Replace(RunReport.RowsFileName, WriteRows);
        run.Storage.Replace(RunReport.FileName, stream => JsonSerializer.Serialize(stream, report, RunJson.Default.RunReport));
        RunLog.Ended(
            run.Logger, request.Folder, report.Seconds, report.IsComplete, report.BothOrders, report.OneOrder, report.Fallback,
            report.ClassShares);
        return report;
    }

    /// <summary>Puts everything that is handed in into the submission.</summary>
    public void UpdateSubmission()
    {
        var start = run.Clock.GetTimestamp();
        _results.Refresh();
        var preferences = new Preference[_ids.Length];
        for (var row = 0; row < preferences.Length; row++)
            preferences[row] = _results.PreferenceOf(row);
        run.Storage.Replace(Path.GetFullPath(request.Out), stream => request.WriteSubmission(stream, _ids, preferences));
        var taken = run.Clock.GetElapsedTime(start);
        RunLog.SubmissionUpdated(run.Logger, taken.TotalSeconds);
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var others = Enumerable.Range(1, request.Workers - 1).Select(number => OtherAsync(number, end.Token)).ToList();
        var work = new RunWorker(run, owner, request.Progress, isFirst: true).WorkAsync(cancellationToken);
        try
        {
            await KeepUpToDateAsync(work, cancellationToken).ConfigureAwait(false);
            if (!await work.ConfigureAwait(false) && new TimeKeeper(StopTime.Read(run.Storage), run.Clock).Left is { } left)
                await Task.WhenAny(Task.WhenAll(others), Task.Delay(left, run.Clock, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            // This worker has waited for the others' shards, or until time is up: nobody has anything left to do.
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(others).ConfigureAwait(false);
        }
    }

    // A worker is help and nothing more: whatever becomes of it, this process can do all the work.
    private async Task OtherAsync(int number, CancellationToken cancellationToken)
    {
        try
        {
            RunLog.WorkerStarted(run.Logger, number);
            await request.StartWorker!(number, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Wanted.
        }
        catch (Exception exception)
        {
            run.Say($"worker {number} failed, and the others do its work: {exception.Message}");
        }
    }

    private async Task KeepUpToDateAsync(Task work, CancellationToken cancellationToken)
    {
        var pause = request.SubmissionEvery;
        while (await Task.WhenAny(work, Task.Delay(pause, run.Clock, cancellationToken)).ConfigureAwait(false) != work
            && !cancellationToken.IsCancellationRequested)
        {
            var start = run.Clock.GetTimestamp();
            try
            {
                UpdateSubmission();
            }
            catch (TiebreakException exception)
            {
                run.Say($"{exception.Message} The submission is as it was; the run goes on.");
            }

            var took = run.Clock.GetElapsedTime(start) / WritingShare;
            pause = took > request.SubmissionEvery ? took : request.SubmissionEvery;
        }
    }

    private bool IsComplete() => run.Shards().Keys.All(_results.Finished.Contains);

    private bool IsTimeUp() => StopTime.Read(run.Storage) is not null;

    private RunReport Report(long started, TimeSpan firstSubmission)
    {
        JudgedRow[] judged = [.. Enumerable.Range(0, _ids.Length).Select(row => new JudgedRow(
            _results.PreferenceOf(row), _results.SourceOf(row), _results.NeitherAcceptableOf(row), _results.AbstainedBy(row)))];
        var sources = judged.CountBy(row => row.Source).ToDictionary();
        return new RunReport
        {
            Rows = _ids.Length,
            IsComplete = IsComplete(),
            BothOrders = sources.GetValueOrDefault(RowSource.BothOrders),
            OneOrder = sources.GetValueOrDefault(RowSource.OneOrder),
            Fallback = sources.GetValueOrDefault(RowSource.Fallback),
            ClassShares = sources.GetValueOrDefault(RowSource.ClassShares),
            Failed = [.. Enumerable.Range(0, _ids.Length).Select(row => (row, Reason: _results.FailureOf(row)))
                .Where(row => row.Reason is not null)
                .Select(row => new FailedRow(row.row, _ids[row.row], row.Reason!))],
            SwapGain = SwapGain.Of(run, _results),
            Judged = judged,
            MeanPreference = new Preference(
                judged.Average(row => row.Preference.A), judged.Average(row => row.Preference.B),
                judged.Average(row => row.Preference.Tie)),
            FirstSubmissionSeconds = firstSubmission.TotalSeconds,
            Seconds = run.Clock.GetElapsedTime(started).TotalSeconds,
            JudgeSeconds = _results.Finished.Sum(shard => ShardMarker.Read(run.Storage, shard)?.Seconds ?? 0),
            Damaged = _results.Damaged,
        };
    }

    // What each battle got, of what, and why where that needs a reason; readable as a file of preferences.
    private void WriteRows(Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true)
        {
            NewLine = "\n",
        };
        writer.WriteLine("id,source,failure,winner_model_a,winner_model_b,winner_tie");
        for (var row = 0; row < _ids.Length; row++)
        {
            var preference = _results.PreferenceOf(row);
            writer.WriteLine(
                $"{CsvText.Quote(_ids[row])},{Name(_results.SourceOf(row))},{CsvText.Quote(_results.FailureOf(row) ?? "")},"
                + string.Create(CultureInfo.InvariantCulture, $"{preference.A:R},{preference.B:R},{preference.Tie:R}"));
        }
    }

    private static string Name(RowSource source) => source switch
    {
        RowSource.ClassShares => "class shares",
        RowSource.Fallback => "fallback",
        RowSource.OneOrder => "one order",
        _ => "both orders",
    };
}
