using System.Net;
using Tiebreak.Core;

namespace Tiebreak.Hubs;

/// <summary>Tries again what may be different the next time: broken connections, busy servers. Tries that bring bytes do not count.</summary>
internal sealed class HubTries(HubOptions options)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private int _inVain;

    /// <summary>Something was received: patience starts anew.</summary>
    public void Succeeded() => _inVain = 0;

    /// <summary>True for an answer that may be another one soon.</summary>
    public static bool IsTransient(HttpStatusCode status) => (int)status is 408 or 429 or >= 500;

    /// <summary>Waits before the next try.</summary>
    /// <param name="address">What was asked for.</param>
    /// <param name="reason">What went wrong, continuing "could not be fetched: ".</param>
    /// <param name="retryAfter">When the server wants to be asked again.</param>
    /// <param name="cause">The failure.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TiebreakException">There is no next try.</exception>
    public async Task PauseAsync(Uri address, string reason, TimeSpan? retryAfter, Exception? cause, CancellationToken cancellationToken)
    {
        if (++_inVain >= options.Tries || retryAfter > LongestPause)
        {
            throw new TiebreakException(
                $"{HubConnection.Shown(address)} could not be fetched: {reason}{(retryAfter is { } wait ? $", asked to wait {wait.TotalSeconds:F0} s" : "")}. " +
                "Run the same command again later; what has arrived is kept.",
                cause);
        }

        var pause = retryAfter ?? options.FirstPause * Math.Pow(2, _inVain - 1);
        await Task.Delay(pause < LongestPause ? pause : LongestPause, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The pause that an answer asks for.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - DateTimeOffset.UtcNow is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
        _ => null,
    };
}
