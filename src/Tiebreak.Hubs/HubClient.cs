using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Files;

namespace Tiebreak.Hubs;

/// <summary>
/// Lists and fetches files of a hub that speaks the Hugging Face Hub's HTTP API
/// (<see href="https://huggingface.co/docs/hub/api"/>): resumable, and verified against the hashes that the hub states.
/// </summary>
/// <param name="options">Which hub, and how patiently.</param>
/// <param name="pauses">Told each pause before a request is repeated, so that it can be shown to the user.</param>
public sealed class HubClient(HubOptions options, IProgress<HubPause>? pauses = null) : IDisposable
{
    private const int MostFiles = 100_000;
    private const int MostPages = 1000;
    private const int LargestPage = 32 << 20;

    private readonly HubConnection _connection = new(options);
    private readonly HubRetry _retry = new(options, pauses);

    /// <summary>The files of a repository.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="revision">A branch, tag or commit; <c>main</c> is what is newest.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InputException">
    /// The repository is gated, there is no such repository or revision, or a listed path is not safe.
    /// </exception>
    /// <exception cref="TiebreakException">The hub cannot be reached or answers something else.</exception>
    public async Task<HubListing> ListAsync(HubRepository repository, string revision, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(revision) || revision is "." or "..")
            throw new InputException($"\"{revision}\" is no revision. Name a branch, a tag or a commit.");

        var api = $"api/{repository.Kind}/{repository.Name}";
        var what = $"{repository.Name} at revision {revision}";
        var page = Address(repository.Page);
        var commit = await CommitAsync().ConfigureAwait(false);
        var files = new List<HubFile>();
        var next = Address($"{api}/tree/{commit}?recursive=true");
        for (var pages = 0; next is not null; pages++)
        {
            var (document, following) = await ReadAsync(next, page, what, cancellationToken).ConfigureAwait(false);
            using (document)
                files.AddRange(HubTree.Files(document.RootElement, $"{page}/resolve/{commit}/", page) ?? throw Strange(what));
            if (files.Count > MostFiles || pages > MostPages)
                throw new InputException($"{what} has more than {MostFiles} files, more than are fetched.");
            if (following is not null && !_connection.IsHub(following))
                throw Strange(what);
            next = following;
        }

        return new HubListing(repository, commit, page, files);

        async Task<string> CommitAsync()
        {
            var address = Address($"{api}/revision/{Uri.EscapeDataString(revision)}");
            var (document, _) = await ReadAsync(address, page, what, cancellationToken).ConfigureAwait(false);
            using (document)
                return HubTree.Commit(document.RootElement) ?? throw Strange(what);
        }
    }

    /// <summary>Fetches a file, unless it is there and right.</summary>
    /// <param name="file">The file.</param>
    /// <param name="folder">The folder to put it into, under its path; it is made where it is not there.</param>
    /// <param name="progress">Told the bytes that are there, after every block.</param>
    /// <param name="cancellationToken">Stops; what has arrived stays beside the file as <c>.partial</c> for the next time.</param>
    /// <exception cref="InputException">The file is gated, or a web page comes in its place.</exception>
    /// <exception cref="TiebreakException">Its hash is wrong, the connection stays broken, or the disk cannot take it.</exception>
    public async Task<FetchOutcome> FetchAsync(HubFile file, string folder, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, HubTree.CheckedPath(file.Path));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var download = new ResumableDownload(_connection, _retry, options, file, path);
            return await download.RunAsync(progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Explain(path, exception);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _connection.Dispose();

    private Uri Address(string path) => new($"{options.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}");

    private Task<(JsonDocument Document, Uri? Next)> ReadAsync(Uri address, Uri page, string what, CancellationToken cancellationToken) =>
        _retry.RunAsync(
            async token =>
            {
                using var response = await _connection.GetAsync(address, prepare: null, token).ConfigureAwait(false);
                if (!response.IsSuccessStatusCode)
                    throw HubErrors.Explain(response, what, page, options.Token is not null);
                var text = await ReadBodyAsync(response, address, what, token).ConfigureAwait(false);
                try
                {
                    return (JsonDocument.Parse(text), HubTree.NextPage(response, address));
                }
                catch (JsonException exception)
                {
                    throw Strange(what, exception);
                }
            },
            cancellationToken);

    private async Task<ReadOnlyMemory<byte>> ReadBodyAsync(
        HttpResponseMessage response, Uri address, string what, CancellationToken cancellationToken)
    {
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var text = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = await _connection.ReadAsync(body, buffer, address, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (text.Length + read > LargestPage)
                throw Strange(what);
            text.Write(buffer, 0, read);
        }

        return text.GetBuffer().AsMemory(0, (int)text.Length);
    }

    private TiebreakException Strange(string what, Exception? cause = null) => new(
        $"{options.Endpoint} does not answer like a hub when asked for {what}. " +
        "Check HF_ENDPOINT and the network; a page to log in at looks like that too.",
        cause);
}
