using System.Collections.Concurrent;

namespace Tiebreak.Torch.Checkpoints;

/// <summary>
/// Remembers which tensors hold neither NaN nor infinities, so that a file is read for this once in a process, and not at every opening: a
/// model whose layers are opened and freed one after the other would be read twice as often as it is computed. A tensor takes some hundred
/// bytes here.
/// </summary>
internal static class FiniteTensors
{
    private static readonly ConcurrentDictionary<StoredTensor, bool> Known = new();

    /// <summary>How many elements are NaN or infinite.</summary>
    public static long CountOthers(TensorEntry entry, MappedFile file)
    {
        var stored = new StoredTensor(Path.GetFullPath(file.Path), file.Length, file.Modified, entry.Name);
        if (Known.ContainsKey(stored))
            return 0;
        var count = NonFinite.Count(entry, file);
        if (count == 0)
            Known[stored] = true;
        return count;
    }

    private readonly record struct StoredTensor(string Path, long Length, DateTime Modified, string Name);
}
