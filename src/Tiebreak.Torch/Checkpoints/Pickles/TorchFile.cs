using Tiebreak.Core;

namespace Tiebreak.Torch.Checkpoints.Pickles;

/// <summary>
/// The files of torch.save (<c>.bin</c>, <c>.pth</c>, <c>.pt</c>): since PyTorch 1.6 a zip archive, before that pickles in a row.
/// </summary>
internal static class TorchFile
{
    /// <summary>The tensors of a file.</summary>
    /// <exception cref="InputException">Damaged, or it holds something other than tensors.</exception>
    public static IReadOnlyList<TensorEntry> Read(MappedFile file)
    {
        try
        {
            return ZipRecords.IsZip(file) ? ZippedTorchFile.Read(file) : LegacyTorchFile.Read(file);
        }
        catch (PickleException exception)
        {
            throw new InputException($"{file.Path} is not read: {exception.Message}.", exception);
        }
    }

    /// <summary>What a reference to a storage names: <c>('storage', type, key, location, elements, ...)</c>.</summary>
    internal static PickledStorage Storage(object?[] reference) =>
        reference is ["storage", DType type, string key, _, long and >= 0 and var count, ..] && count <= long.MaxValue / sizeof(double)
            ? new PickledStorage(key, type, count)
            : throw new PickleException("it holds a storage without type, key and size");

    /// <summary>The tensors of a dictionary, placed in the file.</summary>
    /// <param name="state">What the pickle held.</param>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where a storage begins in the file, in bytes.</param>
    internal static IReadOnlyList<TensorEntry> Entries(object? state, MappedFile file, Func<PickledStorage, long> offset)
    {
        if (state is not Dictionary<string, object?> dictionary)
            throw new PickleException("it holds no dictionary of tensors");
        var entries = new List<TensorEntry>(dictionary.Count);
        foreach (var (name, value) in dictionary)
        {
            if (value is not PickledTensor tensor)
                throw new PickleException($"{name} is no tensor; save the state dict alone (torch.save(model.state_dict(), ...))");
            entries.Add(new TensorEntry
            {
                Name = name,
                Type = tensor.Storage.Type,
                Shape = tensor.Shape,
                Strides = tensor.Strides,
                Offset = offset(tensor.Storage) + (tensor.Offset * tensor.Storage.Type.Size),
                Path = file.Path,
            });
        }

        return entries;
    }
}

/// <summary>A block of numbers that a pickle refers to; the numbers lie elsewhere in the file.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Count">Number of elements.</param>
internal sealed record PickledStorage(string Key, DType Type, long Count);
