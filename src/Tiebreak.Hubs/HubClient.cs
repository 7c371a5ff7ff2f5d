using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Files;

namespace Tiebreak.Hubs;

/// <summary>
/// Lists and fetches files of a hub that speaks the Hugging Face Hub's HTTP API
/// (<see href="https://huggingface.co/docs/hub/api"/>): resumable, and verified against the hashes that the hub states.
/// </summary>
public sealed class HubClient(HubOptions options) : IDisposable
{
    private const int MostFiles = 100_000;
    private const int MostPages = 1000;
    private const int LargestPage = 32 << 20;

    private readonly HubConnection _connection = new(options);

    /// <summary>The files of a repository.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="revision">A branch, tag or commit; <c>main</c> is what is newest.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InputException">The repository is gated, or there is no such repository or revision.</exception>
    /// <exception cref="TiebreakException">The hub cannot be reached or answers something else.</exception>
    public async Task<HubListing> ListAsync(HubRepository repository, string revision, CancellationToken cancellationToken)
    {
        var api = $"api/{repository.Kind}/{repository.Name}";
        var what = $"{repository.Name} at revision {revision}";
        using var about = (await ReadAsync(Address($"{api}/revision/{Uri.EscapeDataString(revision)}"), repository, what, cancellationToken).ConfigureAwait(false)).Document;
        var commit = about.RootElement.ValueKind == JsonValueKind.Object && about.RootElement.TryGetProperty("sha", out var sha) && sha.ValueKind == JsonValueKind.String
            ? sha.GetString()!
            : throw Strange(what);

        var page = Address(repository.Page);
        var files = new List<HubFile>();
        var next = Address($"{api}/tree/{Uri.EscapeDataString(commit)}?recursive=true");
        for (var pages = 0; next is not null; pages++)
        {
            var (document, following) = await ReadAsync(next, repository, what, cancellationToken).ConfigureAwait(false);
            using (document)
                files.AddRange(HubTree.Files(document.RootElement, $"{page}/resolve/{commit}/", page) ?? throw Strange(what));
            if (files.Count > MostFiles || pages > MostPages)
                throw new InputException($"{what} has more than {MostFiles} files, more than are fetched.");
            next = following;
        }

        return new HubListing(repository, commit, page, files);
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
            return await new ResumableDownload(_connection, options, file, path).RunAsync(progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Explain(path, exception);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _connection.Dispose();

    private Uri Address(string path) => new($"{options.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}");

    private async Task<(JsonDocument Document, Uri? Next)> ReadAsync(Uri address, HubRepository repository, string what, CancellationToken cancellationToken)
    {
        var tries = new HubTries(options);
        while (true)
        {
            try
            {
                using var response = await _connection.GetAsync(address, prepare: null, cancellationToken).ConfigureAwait(false);
                if (HubTries.IsTransient(response.StatusCode))
                {
                    await tries.PauseAsync(address, $"the hub answered {(int)response.StatusCode}", HubTries.RetryAfter(response), cause: null, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                if (!response.IsSuccessStatusCode)
                    throw HubErrors.Explain(response, what, Address(repository.Page), options.Token is not null);
                await response.Content.LoadIntoBufferAsync(LargestPage, cancellationToken).ConfigureAwait(false);
                var text = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                return (await JsonDocument.ParseAsync(text, default, cancellationToken).ConfigureAwait(false), HubTree.NextPage(response, address));
            }
            catch (JsonException exception)
            {
                throw Strange(what, exception);
            }
            catch (Exception exception) when (exception is HttpRequestException or HttpIOException)
            {
                await tries.PauseAsync(address, $"the connection broke ({exception.Message.TrimEnd('.')})", retryAfter: null, exception, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private TiebreakException Strange(string what, Exception? cause = null) =>
        new($"{options.Endpoint} does not answer like a hub when asked for {what}. Check HF_ENDPOINT and the network; a page to log in at looks like that too.", cause);
}
