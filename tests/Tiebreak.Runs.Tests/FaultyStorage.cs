using Tiebreak.Core.Files;
using Tiebreak.Runs.Storage;

namespace Tiebreak.Runs.Tests;

/// <summary>
/// Storage under which the process dies at one operation, just before or just after it took effect; nothing that comes later has any
/// effect, as it is with the dead. Or a disk that is full for a while.
/// </summary>
/// <param name="inner">The files that survive.</param>
/// <param name="deathAt">The operation at which to die, from 1; 0 for never.</param>
/// <param name="afterEffect">Whether that operation still takes effect.</param>
internal sealed class FaultyStorage(IRunStorage inner, int deathAt = 0, bool afterEffect = false) : IRunStorage
{
    private const int NoSpaceLeft = 28;

    private int _operations;

    /// <summary>Operations until now.</summary>
    public int Operations => _operations;

    /// <summary>Writes with these numbers (from 1) find the disk full.</summary>
    public Range FullFor { get; init; }

    public byte[]? Read(string name) => Run(() => inner.Read(name));

    public void Replace(string name, Action<Stream> write) => Run(() =>
    {
        FailIfFull(name);
        inner.Replace(name, write);
        return true;
    });

    public bool TryPublish(string name, byte[] content) => Run(() =>
    {
        FailIfFull(name);
        return inner.TryPublish(name, content);
    });

    public bool TryRename(string from, string to) => Run(() => inner.TryRename(from, to));

    public void Delete(string name) => Run(() =>
    {
        inner.Delete(name);
        return true;
    });

    public void DeleteLeftOvers(string name) => Run(() =>
    {
        inner.DeleteLeftOvers(name);
        return true;
    });

    public IReadOnlyList<string> List(string folder) => Run(() => inner.List(folder));

    private T Run<T>(Func<T> operation)
    {
        var number = Interlocked.Increment(ref _operations);
        if (deathAt > 0 && (number > deathAt || (number == deathAt && !afterEffect)))
            throw new DeathException();
        var result = operation();
        return number == deathAt ? throw new DeathException() : result;
    }

    private void FailIfFull(string name)
    {
        if (_operations >= FullFor.Start.Value && _operations < FullFor.End.Value)
            throw StorageError.Explain(name, new IOException("No space left on device", NoSpaceLeft));
    }
}
