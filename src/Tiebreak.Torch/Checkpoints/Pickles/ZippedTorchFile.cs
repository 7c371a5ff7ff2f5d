using System.Text;

namespace Tiebreak.Torch.Checkpoints.Pickles;

/// <summary>The zip format of torch.save: <c>NAME/data.pkl</c>, and the numbers of each storage in <c>NAME/data/KEY</c>.</summary>
internal static class ZippedTorchFile
{
    private const string Pickle = "/data.pkl";

    /// <exception cref="PickleException">Damaged, or it holds something other than tensors.</exception>
    public static IReadOnlyList<TensorEntry> Read(MappedFile file)
    {
        var records = ZipRecords.Read(file);
        var pickle = records.Keys.FirstOrDefault(name => name.EndsWith(Pickle, StringComparison.Ordinal))
            ?? throw new PickleException("its archive has no data.pkl, so torch.save has not written it");
        var folder = pickle[..^Pickle.Length];
        if (records.TryGetValue($"{folder}/byteorder", out var order)
            && !file.Slice(order.Offset, (int)Math.Min(order.Length, 8)).SequenceEqual("little"u8))
        {
            throw new PickleException(
                $"its numbers are stored as {Encoding.UTF8.GetString(file.Slice(order.Offset, (int)Math.Min(order.Length, 8)))} "
                + "endian, and little is read");
        }

        var (offset, length) = records[pickle];
        if (length > int.MaxValue)
            throw new PickleException("its data.pkl has more than 2 GiB");
        var state = new PickleReader(file.Slice(offset, (int)length), TorchFile.Storage).Read();
        return TorchFile.Entries(state, file, Place);

        long Place(PickledStorage storage)
        {
            if (!records.TryGetValue($"{folder}/data/{storage.Key}", out var record))
                throw new PickleException($"the storage {storage.Key} is missing from its archive");
            return storage.Count <= record.Length / storage.Type.Size
                ? record.Offset
                : throw new PickleException($"the storage {storage.Key} has {record.Length} bytes and should have {storage.Count} elements "
                    + $"of {storage.Type.SafetensorsName()}");
        }
    }
}
