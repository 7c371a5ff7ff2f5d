using System.Globalization;
using System.Net;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Diagnostics;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Judging;

/// <summary>
/// Gives every battle an outcome of its own, whatever happens to its neighbours: failures are outcomes here, never exceptions. A batch
/// that fails is halved until the battle that breaks the judge stands alone. A batch that does not fit into memory halves the token
/// budget of all batches to come. What is not the fault of a battle, such as a service that does not answer, is not tried again in halves.
/// </summary>
/// <param name="inner">The judge; disposed with this one.</param>
/// <param name="tokens">About how many tokens a battle has; asked only after memory was too small.</param>
/// <param name="say">Receives what a person should know.</param>
public sealed class IsolatingJudge(IJudge inner, Func<Battle, long> tokens, Action<string> say) : IJudge
{
    private long _tokenBudget = long.MaxValue;

    /// <inheritdoc/>
    public JudgeTraits Traits => inner.Traits;

    /// <inheritdoc/>
    public async Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
    {
        var outcomes = new JudgeOutcome[request.Battles.Count];
        for (var start = 0; start < outcomes.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = CountFitting(request.Battles, start);
            var part = request with
            {
                Battles = count == outcomes.Length ? request.Battles : [.. request.Battles.Skip(start).Take(count)],
                Progress = request.Progress is { } progress ? new Shifted(progress, start) : null,
            };
            try
            {
                await JudgeAsync(part, outcomes.AsMemory(start, count), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (IsOutOfMemory(exception))
            {
                Shrink(part.Battles, exception);
                continue;
            }

            start += count;
            request.Progress?.Report(start);
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    // As many battles as the token budget allows, and one at least.
    private int CountFitting(IReadOnlyList<Battle> battles, int start)
    {
        if (_tokenBudget == long.MaxValue)
            return battles.Count - start;

        var (count, sum) = (1, tokens(battles[start]));
        while (start + count < battles.Count && (sum += tokens(battles[start + count])) <= _tokenBudget)
            count++;
        return count;
    }

    private void Shrink(IReadOnlyList<Battle> battles, Exception exception)
    {
        var sum = battles.Sum(tokens);
        _tokenBudget = Math.Max(1, sum / 2);
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"{battles.Count} battles with about {sum:N0} tokens did not fit into memory; " +
            $"from now on at most {_tokenBudget:N0} tokens at a time. {exception.Message}"));

        // Tensors of the failed batch hold memory until they are finalised.
        GC.Collect();
    }

    // Throws only what is for the caller: cancellation, and memory that did not hold several battles.
    private async Task JudgeAsync(JudgeRequest request, Memory<JudgeOutcome> outcomes, CancellationToken cancellationToken)
    {
        try
        {
            var found = await inner.JudgeAsync(request, cancellationToken).ConfigureAwait(false);
            if (found.Length != outcomes.Length)
                throw new InvalidOperationException($"the judge gave {found.Length} outcomes for {outcomes.Length} battles");
            for (var i = 0; i < found.Length; i++)
                outcomes.Span[i] = Validated(found[i], request.Orders);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (IsTransient(exception))
        {
            outcomes.Span.Fill(Failed(FailureOf(exception, FailureCode.Unavailable), outcomes.Length));
        }
        catch (Exception exception) when (outcomes.Length == 1)
        {
            outcomes.Span[0] = Failed(
                FailureOf(exception, IsOutOfMemory(exception) ? FailureCode.OutOfMemory : FailureCode.BattleFailed));
        }
        catch (Exception exception) when (!IsOutOfMemory(exception))
        {
            var half = outcomes.Length / 2;
            var (left, right) = (request.Battles.Take(half), request.Battles.Skip(half));
            await JudgeAsync(request with { Battles = [.. left], Progress = null }, outcomes[..half], cancellationToken)
                .ConfigureAwait(false);
            await JudgeAsync(request with { Battles = [.. right], Progress = null }, outcomes[half..], cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private static JudgeOutcome Validated(JudgeOutcome outcome, Orders orders)
    {
        if (outcome.Failure is not null)
            return outcome;
        if (orders.HasFlag(Orders.First) && outcome.First is not { IsValid: true })
            return Invalid(outcome.First);
        if (orders.HasFlag(Orders.Second) && outcome.Second is not { IsValid: true })
            return Invalid(outcome.Second);
        return outcome;
    }

    private static JudgeOutcome Invalid(Preference? answer) => Failed(new JudgeFailure(
        FailureCode.InvalidAnswer,
        answer is { } given
            ? string.Create(CultureInfo.InvariantCulture, $"the judge gave {given.A}, {given.B}, {given.Tie}, which are no probabilities")
            : "the judge gave no preference for an order that was asked"));

    // The judge itself has counted only the failures that it reported as outcomes.
    private static JudgeOutcome Failed(JudgeFailure failure, int battles = 1)
    {
        TiebreakMeter.CountFailures(failure.Code, battles);
        return JudgeOutcome.Of(failure);
    }

    private static JudgeFailure FailureOf(Exception exception, FailureCode code) =>
        new(code, $"{exception.GetType().Name}: {exception.Message}", IsTransient: code == FailureCode.Unavailable)
        {
            Exception = exception,
        };

    private static bool IsOutOfMemory(Exception exception) => exception is OutOfMemoryException or DeviceMemoryException;

    // A timeout of the judge's own looks like a cancellation that nobody asked for.
    private static bool IsTransient(Exception exception) => exception switch
    {
        TimeoutException or OperationCanceledException => true,
        HttpRequestException { StatusCode: var status } =>
            status is null or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
        _ => false,
    };

    private sealed class Shifted(IProgress<int> progress, int offset) : IProgress<int>
    {
        public void Report(int value) => progress.Report(offset + value);
    }
}

/// <summary>
/// A judge's memory (of the graphics card, or of the process) does not hold the batch it was given. Fewer battles at a time may fit:
/// whoever can, tries again with half of them.
/// </summary>
public sealed class DeviceMemoryException : TiebreakException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which memory, how much was wanted and how much there is.</param>
    /// <param name="innerException">The cause, kept for logs.</param>
    public DeviceMemoryException(string message, Exception? innerException = null)
        : base(message, innerException) => Code = ErrorCodes.OutOfMemory;
}
