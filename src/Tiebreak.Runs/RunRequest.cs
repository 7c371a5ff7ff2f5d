using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Runs.Planning;

namespace Tiebreak.Runs;

/// <summary>What a run is asked to do, and how.</summary>
public sealed record RunRequest
{
    /// <summary>The run's folder; created where missing.</summary>
    public required string Folder { get; init; }

    /// <summary>The battles, of one file.</summary>
    public required BattleSet Data { get; init; }

    /// <summary>The file of the battles.</summary>
    public required string DataPath { get; init; }

    /// <summary>The file of numbers that <see cref="Data"/> brings along for the judge; null for none.</summary>
    public string? NumbersPath { get; init; }

    /// <summary>The judge.</summary>
    public required RunJudge Judge { get; init; }

    /// <summary>The submission to write; its folder must exist.</summary>
    public required string Out { get; init; }

    /// <summary>True to write the submission with winners (<c>id,winner</c>) instead of probabilities.</summary>
    public bool Winners { get; init; }

    /// <summary>Which battles are judged in the second order too. A symmetric judge is never asked twice.</summary>
    public required SecondOrder SecondOrder { get; init; }

    /// <summary>True to go on with a run that is already in the folder.</summary>
    public bool Resume { get; init; }

    /// <summary>The moment at which everything must be written; null for as long as it takes.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>How large shards are. Default: <see cref="Planning.ShardSize.Standard"/>, and smaller where a budget asks for it.</summary>
    public ShardSize? ShardSize { get; init; }

    /// <summary>Processes that share the work, this one included. Default: 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>
    /// Starts one more worker process, given its number (this process is number 0). The task ends with the process and fails with the
    /// reason if the process does; cancelling ends the process. Needed for several workers.
    /// </summary>
    public Func<int, CancellationToken, Task>? StartWorker { get; init; }

    /// <summary>The submission is brought up to date so often, where that costs little. Default: every minute.</summary>
    public TimeSpan SubmissionEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Receives how far the work of this process is.</summary>
    public IProgress<JobProgress>? Progress { get; init; }

    /// <summary>Receives what a person should know while the run goes on.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>Where the course of the run is logged, and what <see cref="Say"/> receives. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Writes the submission into a stream in the form that was asked for.</summary>
    internal void WriteSubmission(Stream stream, IReadOnlyList<string> ids, IReadOnlyList<Preference> preferences)
    {
        if (Winners)
            SubmissionFile.WriteWinners(stream, ids, preferences);
        else
            SubmissionFile.Write(stream, ids, preferences);
    }
}
