using System.Net.Http.Headers;
using Tiebreak.Core;
using Tiebreak.Core.Files;

namespace Tiebreak.Hubs;

/// <summary>What has arrived of a file, <c>NAME.partial</c>, and beside it the tag of the version that it is of.</summary>
internal sealed class PartialFile(string target)
{
    private readonly string _tagPath = $"{target}.partial.etag";

    public string Path { get; } = $"{target}.partial";

    /// <summary>Bytes that have arrived.</summary>
    public long Bytes => new FileInfo(Path) is { Exists: true } file ? file.Length : 0;

    /// <summary>The version that the bytes are of, or null where the server gave no strong tag.</summary>
    public EntityTagHeaderValue? Tag() =>
        File.Exists(_tagPath) && EntityTagHeaderValue.TryParse(File.ReadAllText(_tagPath), out var tag) && !tag.IsWeak ? tag : null;

    /// <summary>Appends what arrives.</summary>
    /// <param name="body">The answer of the server.</param>
    /// <param name="start">Where it begins; what lies behind is cut off.</param>
    /// <param name="most">Bytes that the file may have.</param>
    /// <param name="tag">The version.</param>
    /// <param name="silence">A connection that is silent for so long is broken.</param>
    /// <param name="tries">Told when something arrives.</param>
    /// <param name="progress">Told the bytes that are there.</param>
    /// <param name="cancellationToken">Stops; what has arrived stays.</param>
    /// <returns>The bytes that are there in the end; more than <paramref name="most"/> if the server would have sent more.</returns>
    /// <exception cref="HttpIOException">The connection broke.</exception>
    /// <exception cref="TiebreakException">The disk cannot take it.</exception>
    public async Task<long> ReceiveAsync(
        Stream body, long start, long most, EntityTagHeaderValue? tag, TimeSpan silence, HubTries tries, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            file.SetLength(start);
            file.Position = start;
            WriteTag(tag);
            var buffer = new byte[1 << 17];
            while (true)
            {
                var read = await ReadAsync(body, buffer, silence, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    break;
                if (file.Position + read > most)
                    return file.Position + read;

                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                tries.Succeeded();
                progress?.Report(file.Position);
            }

            file.Flush(flushToDisk: true);
            return file.Position;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or (IOException and not HttpIOException))
        {
            throw StorageError.Explain(Path, exception);
        }
    }

    /// <summary>Gives the file its name.</summary>
    public void Complete()
    {
        try
        {
            File.Move(Path, target, overwrite: true);
            File.Delete(_tagPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Explain(target, exception);
        }
    }

    public void Delete()
    {
        File.Delete(Path);
        File.Delete(_tagPath);
    }

    private void WriteTag(EntityTagHeaderValue? tag)
    {
        if (tag is { IsWeak: false })
            File.WriteAllText(_tagPath, tag.ToString());
        else
            File.Delete(_tagPath);
    }

    private static async Task<int> ReadAsync(Stream body, byte[] buffer, TimeSpan silence, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(silence);
        try
        {
            return await body.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, $"nothing arrived for {silence.TotalSeconds:F0} s", exception);
        }
        catch (IOException exception) when (exception is not HttpIOException)
        {
            // A connection that was reset; the disk is not involved here.
            throw new HttpIOException(HttpRequestError.ResponseEnded, exception.Message, exception);
        }
    }
}
