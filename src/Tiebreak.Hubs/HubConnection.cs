using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Polly;
using Polly.Timeout;
using Tiebreak.Core;

namespace Tiebreak.Hubs;

/// <summary>
/// Sends requests to a hub. Redirects are followed here and not by <see cref="HttpClient"/>, because the token may go to the hub only, not
/// to the file store that the hub redirects to; and never from https to http.
/// </summary>
internal sealed class HubConnection(HubOptions options) : IDisposable
{
    private const int MostRedirects = 10;

    // Before a server has answered, a network that is not there will not be there in a few seconds either.
    private volatile bool _hasAnswered;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    // Limits each wait for the server, not the whole request: a large file may take hours.
    private readonly ResiliencePipeline _silenceLimit = new ResiliencePipelineBuilder().AddTimeout(options.Silence).Build();

    /// <summary>Sends a GET request; the answer is no redirect and has no transient status.</summary>
    /// <exception cref="TransientHubException">No answer, or one that may be another one soon.</exception>
    /// <exception cref="TiebreakException">Redirected without end or to an unsafe place.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri address, Action<HttpRequestMessage>? prepare, CancellationToken cancellationToken)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            var version = typeof(HubConnection).Assembly.GetName().Version?.ToString(3);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("tiebreak", version));
            if (options.Token is { } token && IsHub(address))
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            prepare?.Invoke(request);

            var response = await SendAsync(request, address, cancellationToken).ConfigureAwait(false);
            _hasAnswered = true;
            var failure = TransientHubException.Of(address, response);
            var isRedirect = (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is not null;
            if (failure is null && !isRedirect)
                return response;

            using (response)
                address = failure is null ? SafeTarget(address, response.Headers.Location!) : throw failure;
        }

        throw new TiebreakException($"{Shown(address)} sends on without end. Try again later.") { Code = ErrorCodes.Network };
    }

    /// <summary>Reads the next bytes of an answer; 0 at its end.</summary>
    /// <exception cref="TransientHubException">The connection broke, or nothing arrived for too long.</exception>
    public async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            return await _silenceLimit.ExecuteAsync(token => body.ReadAsync(buffer, token), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new TransientHubException(address, $"nothing arrived for {options.Silence.TotalSeconds:F0} s", cause: exception);
        }
        catch (IOException exception)
        {
            throw Broken(address, exception);
        }
    }

    /// <summary>True if an address is one of the hub's server.</summary>
    public bool IsHub(Uri address) =>
        Uri.Compare(address, options.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>An address as it may be shown: signed links carry secrets in their query.</summary>
    public static string Shown(Uri address) => address.GetLeftPart(UriPartial.Path);

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            return await _silenceLimit.ExecuteAsync(
                async token => await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new TransientHubException(address, $"no answer for {options.Silence.TotalSeconds:F0} s", cause: exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // This is how the handler reports its ConnectTimeout.
            throw new TransientHubException(address, "the server could not be reached in time", cause: exception);
        }
        catch (HttpRequestException exception) when (!_hasAnswered && IsUnreachable(exception))
        {
            throw new TiebreakException(
                $"{address.Host} cannot be reached ({exception.Message.TrimEnd('.')}). Check the network, and the proxy if there is one.",
                exception)
            {
                Code = ErrorCodes.Network,
            };
        }
        catch (HttpRequestException exception)
        {
            throw Broken(address, exception);
        }
    }

    /// <summary>True where the name is unknown or nothing listens: no server that is only busy answers so.</summary>
    private static bool IsUnreachable(HttpRequestException exception) =>
        exception.HttpRequestError is HttpRequestError.NameResolutionError
        || exception.GetBaseException() is SocketException
        {
            SocketErrorCode: SocketError.ConnectionRefused or SocketError.NetworkUnreachable or SocketError.HostUnreachable
                or SocketError.NetworkDown,
        };

    private static Uri SafeTarget(Uri address, Uri location)
    {
        var next = new Uri(address, location);
        return next.Scheme is "https" || (next.Scheme is "http" && address.Scheme is "http")
            ? next
            : throw new TiebreakException($"{Shown(address)} sends on to {Shown(next)}, which is not safe. Nothing was fetched there.")
            {
                Code = ErrorCodes.Network,
            };
    }

    private static TransientHubException Broken(Uri address, Exception cause) =>
        new(address, $"the connection broke ({cause.Message.TrimEnd('.')})", cause: cause);
}
