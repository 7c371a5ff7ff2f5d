using System.Buffers.Binary;
using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Json;

namespace Tiebreak.Torch.Checkpoints;

/// <summary>
/// The header of a safetensors file (https://github.com/huggingface/safetensors): eight bytes of length, JSON with dtype, shape and place
/// of each tensor, then the data. The header comes from outside: every number is checked before it becomes an address.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>The format's own limit; larger headers are an attack or damage.</summary>
    public const long MostBytes = 100_000_000;

    private const int PrefixBytes = 8;

    // A header is an object of objects with lists of numbers.
    private const int Depth = 4;

    /// <summary>The tensors of a file.</summary>
    /// <exception cref="InputException">Not a safetensors file, truncated, or hostile.</exception>
    public static IReadOnlyList<TensorEntry> Read(MappedFile file)
    {
        if (file.Length < PrefixBytes)
        {
            throw new InputException(
                $"{file.Path} is no safetensors file: it has {file.Length} bytes, and the length of the header alone takes {PrefixBytes}.");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Slice(0, PrefixBytes));
        if (length > MostBytes)
        {
            throw new InputException(
                $"{file.Path} is no safetensors file: its header would have {length} bytes, and {MostBytes} are allowed.");
        }

        if ((long)length > file.Length - PrefixBytes)
        {
            throw new InputException(
                $"{file.Path} is truncated: its header should have {length} bytes and the file ends after {file.Length - PrefixBytes}. "
                + "Download it again.");
        }

        var start = PrefixBytes + (long)length;
        List<TensorEntry> entries;
        try
        {
            entries = ReadEntries(file, start);
        }
        catch (JsonException exception)
        {
            throw new InputException(
                $"{file.Path} is no safetensors file: its header is not the JSON that it should be ({exception.Message.TrimEnd('.')}).",
                exception);
        }

        RefuseOverlaps(file, entries, start);
        return entries;
    }

    private static List<TensorEntry> ReadEntries(MappedFile file, long start)
    {
        var reader = new Utf8JsonReader(file.Slice(PrefixBytes, (int)(start - PrefixBytes)), new JsonReaderOptions { MaxDepth = Depth });
        var entries = new List<TensorEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(ref reader);
            if (!names.Add(name))
                throw new InputException($"{file.Path} names the tensor {name} twice.");
            Expect(ref reader, JsonTokenType.StartObject);
            if (string.Equals(name, "__metadata__", StringComparison.Ordinal))
                reader.Skip();
            else
                entries.Add(ReadEntry(ref reader, file, name, start));
        }

        // Padding by spaces is allowed; reading on checks that nothing else follows.
        _ = reader.Read();
        return entries;
    }

    private static TensorEntry ReadEntry(ref Utf8JsonReader reader, MappedFile file, string name, long start)
    {
        string? dtype = null;
        List<long>? shape = null, place = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = JsonText.Read(ref reader);
            _ = reader.Read();
            switch (key)
            {
                case "dtype" when reader.TokenType == JsonTokenType.String:
                    dtype = JsonText.Read(ref reader);
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader);
                    break;
                case "data_offsets":
                    place = ReadNumbers(ref reader);
                    break;
                default:
                    throw new JsonException($"tensor {name}: unexpected {key}");
            }
        }

        if (dtype is null || shape is null || place is not [var from, var to])
            throw new JsonException($"tensor {name} lacks its dtype, shape or data_offsets");
        if (DTypes.FromSafetensorsName(dtype) is not { } type)
            throw new InputException($"{file.Path}: tensor {name} has the dtype {dtype}, which Tiebreak does not read.");
        if (from < 0 || to < from)
            throw new InputException($"{file.Path}: tensor {name} has the impossible place {from} to {to}.");
        if (to > file.Length - start)
        {
            throw new InputException(
                $"{file.Path} is truncated: tensor {name} ends at byte {start + to} and the file at byte {file.Length}. "
                + "Download it again.");
        }

        if (TensorEntry.CheckedCount(shape) is not { } count || count * type.Size != to - from)
        {
            throw new InputException(
                $"{file.Path}: tensor {name} of {dtype} and shape [{string.Join(", ", shape)}] does not fill its {to - from} bytes.");
        }

        return new TensorEntry
        {
            Name = name,
            Type = type,
            Shape = shape,
            Strides = TensorEntry.RowMajor(shape),
            Offset = start + from,
            Path = file.Path,
        };
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("expected a list of numbers");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            numbers.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number)
                ? number
                : throw new JsonException("expected a whole number"));
        }

        return numbers;
    }

    private static void RefuseOverlaps(MappedFile file, List<TensorEntry> entries, long start)
    {
        var end = start;
        TensorEntry? before = null;
        foreach (var entry in entries.Where(entry => entry.ByteCount > 0).OrderBy(entry => entry.Offset))
        {
            if (entry.Offset < end)
                throw new InputException($"{file.Path}: the tensors {before!.Name} and {entry.Name} overlap.");
            (before, end) = (entry, entry.Offset + entry.ByteCount);
        }
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
            throw new JsonException($"expected {type}");
    }
}
