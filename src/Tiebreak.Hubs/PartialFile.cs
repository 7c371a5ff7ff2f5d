using System.Net.Http.Headers;

namespace Tiebreak.Hubs;

/// <summary>
/// The part of a file that has arrived, <c>NAME.partial</c>, and beside it <c>NAME.partial.etag</c>: the tag by which the server names the
/// version that the part is of.
/// </summary>
internal sealed class PartialFile(string target)
{
    private readonly string _tagPath = $"{target}.partial.etag";

    public string Path { get; } = $"{target}.partial";

    /// <summary>The number of bytes that have arrived.</summary>
    public long Bytes => new FileInfo(Path) is { Exists: true } file ? file.Length : 0;

    /// <summary>The version that the bytes are of, or null where the server gave no strong tag.</summary>
    public EntityTagHeaderValue? Tag() =>
        File.Exists(_tagPath) && EntityTagHeaderValue.TryParse(File.ReadAllText(_tagPath), out var tag) && !tag.IsWeak ? tag : null;

    /// <summary>Opens the file to append bytes.</summary>
    /// <param name="start">The position of the first byte to append; what lies behind it is cut off.</param>
    /// <param name="tag">The version that the bytes will be of.</param>
    public FileStream Open(long start, EntityTagHeaderValue? tag)
    {
        var file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        file.SetLength(start);
        file.Position = start;
        if (tag is { IsWeak: false })
            File.WriteAllText(_tagPath, tag.ToString());
        else
            File.Delete(_tagPath);
        return file;
    }

    /// <summary>Gives the file its name.</summary>
    public void Complete()
    {
        File.Move(Path, target, overwrite: true);
        File.Delete(_tagPath);
    }

    public void Delete()
    {
        File.Delete(Path);
        File.Delete(_tagPath);
    }
}
