using System.Net;
using System.Net.Http.Headers;
using Tiebreak.Core;

namespace Tiebreak.Hubs;

/// <summary>
/// Fetches one file into <c>NAME.partial</c>, which is renamed when its hash is right. An attempt after a broken one asks for the missing
/// bytes only, if the server still has the same file (<c>Range</c> with <c>If-Range</c>, RFC 9110 section 14); otherwise it starts again.
/// </summary>
internal sealed class ResumableDownload(HubConnection connection, HubRetry retry, HubOptions options, HubFile file, string path)
{
    private readonly PartialFile _partial = new(path);
    private long _mostBytes;
    private bool _isResumed;

    /// <summary>Fetches the file.</summary>
    /// <param name="progress">Told the bytes that are there, after every block.</param>
    /// <param name="cancellationToken">Stops; what has arrived stays for the next time.</param>
    /// <exception cref="InputException">The file is gated or not there, or something else comes in its place.</exception>
    /// <exception cref="TiebreakException">The hash is wrong, or the connection stays broken.</exception>
    /// <exception cref="IOException">The disk cannot take it.</exception>
    public async Task<FetchOutcome> RunAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var there = new FileInfo(path);
        if (there.Exists && there.Length == file.Bytes && await file.Hash.MatchesAsync(path, cancellationToken).ConfigureAwait(false))
        {
            progress?.Report(file.Bytes);
            return FetchOutcome.AlreadyThere;
        }

        var isRight = await ReceiveAllAsync(progress, cancellationToken).ConfigureAwait(false);
        if (!isRight && _isResumed)
        {
            // The parts may be of different versions. What is fetched anew, as a whole, is what the server has.
            _partial.Delete();
            _isResumed = false;
            isRight = await ReceiveAllAsync(progress, cancellationToken).ConfigureAwait(false);
        }

        if (!isRight)
        {
            _partial.Delete();
            throw new TiebreakException(
                $"{file.Path} is not what its hub says it is: its {file.Hash.Algorithm} is not {file.Hash.Hex}. " +
                "It was damaged on the way or changed; nothing was kept. Try again later.")
            {
                Code = ErrorCodes.Network,
            };
        }

        _partial.Complete();
        return _isResumed ? FetchOutcome.Resumed : FetchOutcome.Fetched;
    }

    /// <summary>Fetches what is missing; true if the whole then has the right hash.</summary>
    private async Task<bool> ReceiveAllAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (_partial.Bytes > file.Bytes)
            _partial.Delete();
        _mostBytes = 0;
        while (_partial.Bytes < file.Bytes || !File.Exists(_partial.Path))
            await retry.RunAsync(token => ReceiveMoreAsync(progress, token), cancellationToken).ConfigureAwait(false);
        return await file.Hash.MatchesAsync(_partial.Path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// One attempt. If it breaks off with more bytes than any attempt before, it counts as a success, and the next one begins at once. So
    /// a download may break any number of times as long as it grows, and is given up if the server starts from the beginning every time.
    /// </summary>
    /// <returns>The bytes that are there.</returns>
    private async ValueTask<long> ReceiveMoreAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var before = _partial.Bytes;
        try
        {
            using var response = await connection.GetAsync(file.Address, AskForTheRest, cancellationToken).ConfigureAwait(false);
            await ReceiveAsync(response, progress, cancellationToken).ConfigureAwait(false);
            if (_partial.Bytes < file.Bytes)
                throw new TransientHubException(file.Address, $"it ended after {_partial.Bytes} of {file.Bytes} bytes");
        }
        catch (TransientHubException) when (_partial.Bytes != before && _partial.Bytes > _mostBytes)
        {
            _mostBytes = _partial.Bytes;
        }

        return _partial.Bytes;
    }

    private void AskForTheRest(HttpRequestMessage request)
    {
        if (_partial.Bytes == 0 || _partial.Tag() is not { } tag)
            return;
        request.Headers.Range = new RangeHeaderValue(_partial.Bytes, null);
        request.Headers.IfRange = new RangeConditionHeaderValue(tag);
    }

    private async Task ReceiveAsync(HttpResponseMessage response, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && _partial.Bytes > 0)
        {
            _partial.Delete();
            throw new TransientHubException(file.Address, "the server does not have the missing part");
        }

        if (!response.IsSuccessStatusCode)
            throw HubErrors.Explain(response, file.Path, file.Page, options.Token is not null);
        if (response.Content.Headers.ContentType?.MediaType is "text/html" && !path.EndsWith(".html", StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException(
                $"A web page came instead of {file.Path}, perhaps one to log in at. Check the network, HF_ENDPOINT and the proxy.");
        }

        var start = StartOf(response);
        if (response.Content.Headers.ContentLength is { } length && length > file.Bytes - start)
            throw TooLong($"offers {start + length}");

        _isResumed |= start > 0;
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        if (!await AppendAsync(body, start, response.Headers.ETag, progress, cancellationToken).ConfigureAwait(false))
        {
            _partial.Delete();
            throw TooLong("sends more");
        }
    }

    /// <summary>Appends what arrives to the partial file; false if it is more than the file may have.</summary>
    private async Task<bool> AppendAsync(
        Stream body, long start, EntityTagHeaderValue? tag, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var partial = _partial.Open(start, tag);
        await using var closing = partial.ConfigureAwait(false);
        var buffer = new byte[1 << 17];
        for (int read; (read = await connection.ReadAsync(body, buffer, file.Address, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (read > file.Bytes - partial.Position)
                return false;
            await partial.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            progress?.Report(partial.Position);
        }

        partial.Flush(flushToDisk: true);
        return true;
    }

    /// <summary>Where in the file the answer begins: at the partial file's end, or at 0 if the server sends everything.</summary>
    private long StartOf(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.PartialContent)
            return 0;
        var range = response.Content.Headers.ContentRange;
        return range?.From == _partial.Bytes && (range.Length is null || range.Length == file.Bytes)
            ? _partial.Bytes
            : throw new TiebreakException(
                $"The server sends another part of {file.Path} than was asked for. Remove {_partial.Path} and try again.")
            {
                Code = ErrorCodes.Network,
            };
    }

    private TiebreakException TooLong(string offer) =>
        new($"{file.Path} should have {file.Bytes} bytes, but the server {offer}. It has changed since it was listed; try again.")
        {
            Code = ErrorCodes.Network,
        };
}
