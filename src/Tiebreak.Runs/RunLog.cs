using Microsoft.Extensions.Logging;
using Tiebreak.Runs.Planning;

namespace Tiebreak.Runs;

/// <summary>What runs log.</summary>
internal static partial class RunLog
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Run {Folder} {Began}: {Rows} battles in shards of {ShardRows}, {Workers} workers, second order for {SecondOrder}.")]
    public static partial void Begun(
        ILogger logger, string folder, string began, int rows, int shardRows, int workers, SecondOrder secondOrder);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The judge takes {SecondsPerRow} s a battle and {SecondsPerToken} s a token; everything must be written at {Deadline}.")]
    public static partial void Measured(ILogger logger, double secondsPerRow, double secondsPerToken, DateTimeOffset deadline);

    [LoggerMessage(Level = LogLevel.Information, Message = "Joined the run in {Folder}: {Rows} battles.")]
    public static partial void Joined(ILogger logger, string folder, int rows);

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Number} started.")]
    public static partial void WorkerStarted(ILogger logger, int number);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Shard {Shard} finished: {Rows} battles in {Seconds:F3} s, {Failed} broke the judge.")]
    public static partial void ShardFinished(ILogger logger, string shard, int rows, double seconds, int failed);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The submission was brought up to date in {Seconds:F3} s.")]
    public static partial void SubmissionUpdated(ILogger logger, double seconds);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The run in {Folder} ended after {Seconds:F3} s, complete: {IsComplete}; {BothOrders} battles in both orders, " +
            "{OneOrder} in one, {Fallback} by the fallback judge, {ClassShares} with the class shares.")]
    public static partial void Ended(
        ILogger logger, string folder, double seconds, bool isComplete, int bothOrders, int oneOrder, int fallback, int classShares);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Text}")]
    public static partial void Said(ILogger logger, string text);

    /// <summary>What a person is told is logged too.</summary>
    public static Action<string> Both(Action<string> say, ILogger logger) => text =>
    {
        Said(logger, text);
        say(text);
    };

    /// <summary>Logs what is known of the judge's speed; nothing without a deadline.</summary>
    public static void Measured(ILogger logger, SpeedSample? speed, DateTimeOffset? deadline)
    {
        if (speed is not null && deadline is { } until)
            Measured(logger, speed.SecondsPerRow, speed.SecondsPerToken, until);
    }
}
