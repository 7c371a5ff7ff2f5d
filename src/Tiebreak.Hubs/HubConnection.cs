using System.Net;
using System.Net.Http.Headers;
using Tiebreak.Core;

namespace Tiebreak.Hubs;

/// <summary>
/// Sends requests to a hub. Redirects are followed here, because the token may go to the hub itself only, not to the store that it sends
/// one to; and never from https to http.
/// </summary>
internal sealed class HubConnection(HubOptions options) : IDisposable
{
    private const int MostRedirects = 10;

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

    /// <summary>Sends a GET request; the answer may be of any status but a redirect.</summary>
    /// <exception cref="HttpRequestException">No answer.</exception>
    /// <exception cref="TiebreakException">Redirected without end or to an unsafe place.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri address, Action<HttpRequestMessage>? prepare, CancellationToken cancellationToken)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("tiebreak", typeof(HubConnection).Assembly.GetName().Version?.ToString(3)));
            if (options.Token is { } token && IsHub(address))
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            prepare?.Invoke(request);

            var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
                return response;

            response.Dispose();
            var next = new Uri(address, location);
            if (next.Scheme is not ("https" or "http") || (address.Scheme is "https" && next.Scheme is "http"))
                throw new TiebreakException($"{Shown(address)} sends on to {Shown(next)}, which is not safe; nothing was fetched from there.");
            address = next;
        }

        throw new TiebreakException($"{Shown(address)} sends on without end. Try again later.");
    }

    /// <summary>An address as it may be shown: signed links carry secrets in their query.</summary>
    public static string Shown(Uri address) => address.GetLeftPart(UriPartial.Path);

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Silence);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"no answer for {options.Silence.TotalSeconds:F0} s", exception);
        }
        catch (FormatException exception)
        {
            throw new InputException("The token in HF_TOKEN holds characters that no token has. Set it again.", exception);
        }
    }

    private bool IsHub(Uri address) =>
        Uri.Compare(address, options.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
