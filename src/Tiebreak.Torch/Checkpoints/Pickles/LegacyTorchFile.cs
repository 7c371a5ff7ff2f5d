using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Tiebreak.Torch.Checkpoints.Pickles;

/// <summary>
/// The format of torch.save before PyTorch 1.6: pickles of a magic number, a version, facts about the system, the object and the keys of
/// its storages; then for each storage its number of elements (eight bytes) and the elements.
/// </summary>
internal static class LegacyTorchFile
{
    private const long Version = 1001;

    private static readonly BigInteger Magic = BigInteger.Parse(
        "1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <exception cref="PickleException">Damaged, or it holds something other than tensors.</exception>
    public static IReadOnlyList<TensorEntry> Read(MappedFile file)
    {
        var at = 0L;
        var storages = new Dictionary<string, PickledStorage>(StringComparer.Ordinal);
        if (Next() is not BigInteger magic || magic != Magic || Next() is not Version)
            throw new PickleException("neither of the two formats of torch.save");
        if (Next() is not Dictionary<string, object?> system || (system.TryGetValue("little_endian", out var little) && little is false))
            throw new PickleException("its numbers are stored as big endian, and little is read");

        var state = Next();
        if (Next() is not List<object?> keys)
            throw new PickleException("it lacks the list of its storages");

        var places = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (key is not string name || !storages.TryGetValue(name, out var storage) || at > file.Length - sizeof(long))
                throw new PickleException($"its list of storages is damaged, or the file is truncated at byte {file.Length}");
            var count = BinaryPrimitives.ReadInt64LittleEndian(file.Slice(at, sizeof(long)));
            at += sizeof(long);
            if (count != storage.Count || count > (file.Length - at) / storage.Type.Size)
                throw new PickleException($"the storage {name} of {storage.Count} elements is cut short; download it again");
            places[name] = at;
            at += count * storage.Type.Size;
        }

        return TorchFile.Entries(state, file, storage =>
            places.TryGetValue(storage.Key, out var place) ? place : throw new PickleException($"the storage {storage.Key} is missing"));

        object? Next()
        {
            var reader = new PickleReader(file.Slice(at, (int)Math.Min(file.Length - at, int.MaxValue)), Remember);
            var value = reader.Read();
            at += reader.Position;
            return value;
        }

        object Remember(object?[] reference)
        {
            // Every tensor states the size of its storage anew, and only one of them is compared with the file.
            var storage = TorchFile.Storage(reference);
            return storages.TryAdd(storage.Key, storage) || storages[storage.Key] == storage
                ? storage
                : throw new PickleException($"the storage {storage.Key} has two sizes or types");
        }
    }
}
