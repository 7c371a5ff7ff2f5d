using System.Net;
using Polly;
using Polly.Retry;
using Tiebreak.Core;

namespace Tiebreak.Hubs;

/// <summary>
/// Repeats requests that may succeed later. Pauses grow exponentially, with jitter, so that many clients do not come back at the same
/// moment. A pause that the server asks for (<c>Retry-After</c>) is obeyed; one that is longer than five minutes ends the attempts.
/// </summary>
internal sealed class HubRetry
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly ResiliencePipeline _pipeline;

    /// <param name="options">How many attempts, and the first pause.</param>
    /// <param name="pauses">Told each pause before it begins.</param>
    public HubRetry(HubOptions options, IProgress<HubPause>? pauses)
    {
        var builder = new ResiliencePipelineBuilder();
        if (options.Tries > 1) // Polly has no retry strategy with a single attempt.
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<TransientHubException>(
                    failure => failure.RetryAfter is null || failure.RetryAfter <= LongestPause),
                MaxRetryAttempts = options.Tries - 1,
                Delay = options.FirstPause,
                MaxDelay = LongestPause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = retry => ValueTask.FromResult(((TransientHubException)retry.Outcome.Exception!).RetryAfter),
                OnRetry = retry =>
                {
                    var failure = (TransientHubException)retry.Outcome.Exception!;
                    pauses?.Report(new HubPause(HubConnection.Shown(failure.Address), failure.Message, retry.RetryDelay));
                    return ValueTask.CompletedTask;
                },
            });
        }

        _pipeline = builder.Build();
    }

    /// <summary>Runs an attempt until it succeeds.</summary>
    /// <param name="attempt">Throws <see cref="TransientHubException"/> to be repeated; other exceptions are passed on at once.</param>
    /// <param name="cancellationToken">Ends attempts and pauses.</param>
    /// <exception cref="TiebreakException">The last attempt failed too, or the server asks for a pause that is too long.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(attempt, cancellationToken).ConfigureAwait(false);
        }
        catch (TransientHubException failure)
        {
            var wait = failure.RetryAfter is { } pause ? $", asked to wait {pause.TotalSeconds:F0} s" : "";
            throw new TiebreakException(
                $"{HubConnection.Shown(failure.Address)} could not be fetched: {failure.Message}{wait}. " +
                "Run the same command again later; what has arrived is kept.",
                failure)
            {
                Code = ErrorCodes.Network,
            };
        }
    }
}

/// <summary>A request that failed in a way that may be over soon. The message is put into a sentence, so it has no full stop.</summary>
internal sealed class TransientHubException(Uri address, string reason, TimeSpan? retryAfter = null, Exception? cause = null)
    : Exception(reason, cause)
{
    /// <summary>The address that was requested.</summary>
    public Uri Address { get; } = address;

    /// <summary>The pause that the server asked for.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The failure if a status may be another one soon (408, 429, 500 and above); null for other statuses.</summary>
    public static TransientHubException? Of(Uri address, HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests) && (int)response.StatusCode < 500)
            return null;

        TimeSpan? retryAfter = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - DateTimeOffset.UtcNow is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
            _ => null,
        };
        return new TransientHubException(address, $"the server answered {(int)response.StatusCode}", retryAfter);
    }
}

/// <summary>A pause before a request is repeated.</summary>
/// <param name="Address">What was requested, without the query, in which signed links carry secrets.</param>
/// <param name="Reason">What went wrong, such as "the server answered 503".</param>
/// <param name="Duration">How long the pause is.</param>
public sealed record HubPause(string Address, string Reason, TimeSpan Duration);
