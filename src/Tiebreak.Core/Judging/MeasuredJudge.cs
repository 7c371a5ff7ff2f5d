using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Tiebreak.Core.Diagnostics;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Judging;

/// <summary>Counts and times what a judge answers (<see cref="TiebreakMeter"/>), and logs it.</summary>
/// <param name="inner">The judge; disposed with this one.</param>
/// <param name="kind">The judge's kind.</param>
/// <param name="logger">The log.</param>
internal sealed partial class MeasuredJudge(IJudge inner, string kind, ILogger logger) : IJudge
{
    /// <summary>The judge.</summary>
    public IJudge Inner => inner;

    /// <inheritdoc/>
    public JudgeTraits Traits => inner.Traits;

    /// <inheritdoc/>
    public async Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var outcomes = await inner.JudgeAsync(request, cancellationToken).ConfigureAwait(false);
            Record(request, outcomes, Stopwatch.GetElapsedTime(start).TotalSeconds);
            return outcomes;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogThrown(logger, kind, request.Battles.Count, exception);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Record(JudgeRequest request, JudgeOutcome[] outcomes, double seconds)
    {
        if (TiebreakMeter.Battles.Enabled || TiebreakMeter.RequestDuration.Enabled)
        {
            var ofKind = new KeyValuePair<string, object?>(TiebreakMeter.KindTag, kind);
            var ofOrders = new KeyValuePair<string, object?>(TiebreakMeter.OrdersTag, request.Orders.ToString());
            TiebreakMeter.Battles.Add(outcomes.Length, ofKind, ofOrders);
            TiebreakMeter.RequestDuration.Record(seconds, ofKind, ofOrders);
        }

        var failures = 0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Failure is not { } failure)
                continue;
            failures++;
            TiebreakMeter.CountFailures(failure.Code, battles: 1);
            LogFailure(logger, request.Battles[i].Id, failure.Code, failure.Message);
        }

        LogAnswered(logger, kind, outcomes.Length, request.Orders, failures, seconds);
    }

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "A judge of kind {Kind} answered {Battles} battles (orders: {Orders}), {Failures} without a preference, " +
            "in {Seconds:F3} s.")]
    private static partial void LogAnswered(ILogger logger, string kind, int battles, Orders orders, int failures, double seconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Battle {Id} has no preference, {Code}: {Reason}")]
    private static partial void LogFailure(ILogger logger, string id, FailureCode code, string reason);

    // Whoever asked decides what this means: a run asks again with fewer battles.
    [LoggerMessage(Level = LogLevel.Debug, Message = "A judge of kind {Kind} could not answer a request for {Battles} battles.")]
    private static partial void LogThrown(ILogger logger, string kind, int battles, Exception exception);
}
