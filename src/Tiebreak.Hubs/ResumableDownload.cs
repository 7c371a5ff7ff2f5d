using System.Net;
using System.Net.Http.Headers;
using Tiebreak.Core;

namespace Tiebreak.Hubs;

/// <summary>
/// Fetches one file into <c>NAME.partial</c>, which is renamed when its hash is right. A try after a broken one asks for the missing bytes
/// only, if the server still has the same file (<c>Range</c> with <c>If-Range</c>, RFC 9110 section 14); otherwise it starts again.
/// </summary>
internal sealed class ResumableDownload(HubConnection connection, HubOptions options, HubFile file, string path)
{
    private readonly PartialFile _partial = new(path);
    private readonly HubTries _tries = new(options);
    private bool _isResumed;

    /// <summary>Fetches the file.</summary>
    /// <param name="progress">Told the bytes that are there, after every block.</param>
    /// <param name="cancellationToken">Stops; what has arrived stays for the next time.</param>
    /// <exception cref="InputException">The file is gated or not there, or something else comes in its place.</exception>
    /// <exception cref="TiebreakException">The hash is wrong, the connection stays broken, or the disk cannot take it.</exception>
    public async Task<FetchOutcome> RunAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (File.Exists(path) && new FileInfo(path).Length == file.Bytes && await file.Hash.MatchesAsync(path, cancellationToken).ConfigureAwait(false))
        {
            progress?.Report(file.Bytes);
            return FetchOutcome.AlreadyThere;
        }

        if (_partial.Bytes > file.Bytes)
            _partial.Delete();
        while (true)
        {
            await ReceiveAllAsync(progress, cancellationToken).ConfigureAwait(false);
            if (await file.Hash.MatchesAsync(_partial.Path, cancellationToken).ConfigureAwait(false))
            {
                _partial.Complete();
                return _isResumed ? FetchOutcome.Resumed : FetchOutcome.Fetched;
            }

            // Parts of two tries may not fit; what came in one piece is what the server has.
            _partial.Delete();
            if (!_isResumed)
                throw new TiebreakException($"{file.Path} is not what its hub says it is: its {file.Hash.Algorithm} is not {file.Hash.Hex}. It was damaged on the way or changed; nothing was kept. Try again later.");
            _isResumed = false;
        }
    }

    private async Task ReceiveAllAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        while (_partial.Bytes < file.Bytes || !File.Exists(_partial.Path))
        {
            try
            {
                using var response = await connection.GetAsync(file.Address, Prepare, cancellationToken).ConfigureAwait(false);
                if (HubTries.IsTransient(response.StatusCode))
                    await _tries.PauseAsync(file.Address, $"the server answered {(int)response.StatusCode}", HubTries.RetryAfter(response), cause: null, cancellationToken).ConfigureAwait(false);
                else if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && _partial.Bytes > 0)
                    _partial.Delete();
                else
                    await ReceiveAsync(response, progress, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is HttpRequestException or HttpIOException)
            {
                await _tries.PauseAsync(file.Address, $"the connection broke ({exception.Message.TrimEnd('.')})", retryAfter: null, exception, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void Prepare(HttpRequestMessage request)
    {
        if (_partial.Bytes == 0 || _partial.Tag() is not { } tag)
            return;
        request.Headers.Range = new RangeHeaderValue(_partial.Bytes, null);
        request.Headers.IfRange = new RangeConditionHeaderValue(tag);
    }

    private async Task ReceiveAsync(HttpResponseMessage response, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
            throw HubErrors.Explain(response, file.Path, file.Page, options.Token is not null);
        if (response.Content.Headers.ContentType?.MediaType is "text/html" && !path.EndsWith(".html", StringComparison.OrdinalIgnoreCase))
            throw new InputException($"A web page came instead of {file.Path}, perhaps one to log in at. Check the network, HF_ENDPOINT and the proxy.");

        var start = StartOf(response);
        if (response.Content.Headers.ContentLength is { } length && start + length > file.Bytes)
            throw new TiebreakException($"{file.Path} should have {file.Bytes} bytes, but the server offers {start + length}. It has changed since it was listed; try again.");

        _isResumed |= start > 0;
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var received = await _partial.ReceiveAsync(body, start, file.Bytes, response.Headers.ETag, options.Silence, _tries, progress, cancellationToken).ConfigureAwait(false);
        if (received > file.Bytes)
        {
            _partial.Delete();
            throw new TiebreakException($"{file.Path} should have {file.Bytes} bytes, but the server sends more. It has changed since it was listed; try again.");
        }

        if (received < file.Bytes)
            await _tries.PauseAsync(file.Address, $"it ended after {received} of {file.Bytes} bytes", retryAfter: null, cause: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Where in the file the answer begins: at the partial file's end, or at 0 if the server sends everything.</summary>
    private long StartOf(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.PartialContent)
            return 0;
        return response.Content.Headers.ContentRange is { From: { } from, Length: var total } && from == _partial.Bytes && (total is null || total == file.Bytes)
            ? from
            : throw new TiebreakException($"The server sends another part of {file.Path} than was asked for. Remove {_partial.Path} and try again.");
    }
}
