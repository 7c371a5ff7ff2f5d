using System.Buffers.Binary;
using System.Text.Json;
using Tiebreak.Core.Files;
using TorchSharp;

namespace Tiebreak.Torch.Checkpoints;

/// <summary>Writes safetensors files: whole or not at all, with the tensors in the order of their names, so that equal tensors make equal files.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes tensors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Names and tensors, on any device; stored in the type that they have.</param>
    /// <param name="metadata">Strings for the header; Hugging Face's programs want <c>format</c> = <c>pt</c>.</param>
    /// <exception cref="Core.TiebreakException">The disk is full or the place cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, torch.Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal).ToList();
        var header = Header(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> prefix = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
            stream.Write(prefix);
            stream.Write(header);
            foreach (var (_, tensor) in ordered)
            {
                using var scope = torch.NewDisposeScope();
                tensor.detach().cpu().contiguous().WriteBytesToStream(stream);
            }
        });
    }

    private static byte[] Header(List<KeyValuePair<string, torch.Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    writer.WriteString(key, value);
                writer.WriteEndObject();
            }

            var offset = 0L;
            foreach (var (name, tensor) in tensors)
            {
                var type = DTypes.FromScalarType(tensor.dtype);
                var end = offset + tensor.numel() * type.Size;
                writer.WriteStartObject(name);
                writer.WriteString("dtype", type.SafetensorsName());
                WriteNumbers(writer, "shape", tensor.shape);
                WriteNumbers(writer, "data_offsets", [offset, end]);
                writer.WriteEndObject();
                offset = end;
            }

            writer.WriteEndObject();
        }

        // Spaces up to a multiple of eight keep the data aligned.
        while (buffer.Length % Alignment != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, long[] numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}
