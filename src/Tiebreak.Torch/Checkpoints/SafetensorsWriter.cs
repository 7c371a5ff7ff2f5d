using System.Buffers.Binary;
using System.Text.Json;
using Tiebreak.Core.Files;
using TorchSharp;

namespace Tiebreak.Torch.Checkpoints;

/// <summary>
/// Writes safetensors files: whole or not at all, with the tensors in the order of their names, so that equal tensors make equal files.
/// </summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes tensors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Names and tensors, on any device; stored in the type that they have.</param>
    /// <param name="metadata">Strings for the header; Hugging Face's programs want <c>format</c> = <c>pt</c>.</param>
    /// <exception cref="Core.TiebreakException">The disk is full or the place cannot be written.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, torch.Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        Write(path, [.. tensors.Select(tensor =>
            new PendingTensor(tensor.Key, DTypes.FromScalarType(tensor.Value.dtype), tensor.Value.shape, tensor.Value.alias))], metadata);

    /// <summary>Writes tensors that are made one after the other, in the order of their names.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">What to write.</param>
    /// <param name="metadata">Strings for the header; Hugging Face's programs want <c>format</c> = <c>pt</c>.</param>
    /// <exception cref="Core.TiebreakException">The disk is full or the place cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<PendingTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).ToList();
        var header = Header(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> prefix = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
            stream.Write(prefix);
            stream.Write(header);
            foreach (var pending in ordered)
                Write(stream, pending);
        });
    }

    private static void Write(Stream stream, PendingTensor pending)
    {
        using var scope = torch.NewDisposeScope();
        using var tensor = pending.Make();
        if (tensor.dtype != pending.Type.ToScalarType() || !tensor.shape.AsSpan().SequenceEqual([.. pending.Shape]))
        {
            throw new InvalidOperationException($"{pending.Name} was announced as {pending.Type} [{string.Join(", ", pending.Shape)}] and "
                + $"is {tensor.dtype} [{string.Join(", ", tensor.shape)}].");
        }

        tensor.detach().cpu().contiguous().WriteBytesToStream(stream);
    }

    private static byte[] Header(List<PendingTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
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
            foreach (var tensor in tensors)
            {
                var end = offset + tensor.ByteCount;
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", tensor.Type.SafetensorsName());
                WriteNumbers(writer, "shape", tensor.Shape);
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

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IReadOnlyList<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}
