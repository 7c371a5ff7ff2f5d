using Tiebreak.Runs.Storage;

namespace Tiebreak.Runs.Tests;

/// <summary>The files of a run in memory: what a disk does, a thousand times faster.</summary>
internal sealed class MemoryStorage : IRunStorage
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public byte[]? Read(string name)
    {
        lock (_lock)
            return _files.GetValueOrDefault(name);
    }

    public void Replace(string name, Action<Stream> write)
    {
        using var content = new MemoryStream();
        write(content);
        lock (_lock)
            _files[name] = content.ToArray();
    }

    public bool TryPublish(string name, byte[] content)
    {
        lock (_lock)
            return _files.TryAdd(name, content);
    }

    public bool TryRename(string from, string to)
    {
        lock (_lock)
            return !_files.ContainsKey(to) && _files.Remove(from, out var content) && _files.TryAdd(to, content);
    }

    public void Delete(string name)
    {
        lock (_lock)
            _files.Remove(name);
    }

    public void DeleteLeftOvers(string name)
    {
        // Files appear whole: there are none.
    }

    public IReadOnlyList<string> List(string folder)
    {
        lock (_lock)
        {
            return [.. _files.Keys.Where(name =>
                name.StartsWith(folder + "/", StringComparison.Ordinal) && !name.EndsWith(".tmp", StringComparison.Ordinal))
                .Select(name => name[(folder.Length + 1)..])];
        }
    }
}
