using System.Globalization;
using Tiebreak.Hosting.Problems;

namespace Tiebreak.Hosting.Reading;

/// <summary>
/// The time of a request: what the header <c>Request-Timeout</c> says in seconds, or what the service gives. It is over early when the
/// caller hangs up.
/// </summary>
internal sealed class RequestTime : IDisposable
{
    public const string Header = "Request-Timeout";

    private static readonly TimeSpan Most = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _over;

    private RequestTime(HttpContext context, TimeSpan patience, bool isLimited)
    {
        Patience = patience;
        _over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        if (isLimited)
            _over.CancelAfter(patience);
    }

    /// <summary>How long the caller waits.</summary>
    public TimeSpan Patience { get; }

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>The time of a request that is answered at once.</summary>
    /// <exception cref="ApiException">The header is no number above 0.</exception>
    public static RequestTime Of(HttpContext context, TimeSpan usual) => new(context, Stated(context.Request) ?? usual, isLimited: true);

    /// <summary>The time of a stream, which ends only if its caller said so; each of its battles is as urgent as others.</summary>
    /// <exception cref="ApiException">The header is no number above 0.</exception>
    public static RequestTime OfStream(HttpContext context, TimeSpan usual)
    {
        var stated = Stated(context.Request);
        return new RequestTime(context, stated ?? usual, isLimited: stated is not null);
    }

    /// <inheritdoc/>
    public void Dispose() => _over.Dispose();

    private static TimeSpan? Stated(HttpRequest request)
    {
        var text = request.Headers[Header].ToString();
        if (text.Length == 0)
            return null;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, Most.TotalSeconds))
            : throw ApiException.Input($"The header {Header} is \"{text}\"; it is a number of seconds above 0.");
    }
}
