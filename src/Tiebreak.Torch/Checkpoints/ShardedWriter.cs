using System.Globalization;
using System.Text.Json;
using Tiebreak.Core.Files;
using TorchSharp;

namespace Tiebreak.Torch.Checkpoints;

/// <summary>
/// Writes a checkpoint as the hubs publish them: one <c>model.safetensors</c>, or shards with their index where it is large.
/// </summary>
internal static class ShardedWriter
{
    private const long DefaultShardBytes = 5_000_000_000;

    // Hugging Face's programs refuse a file that does not say so.
    private static readonly Dictionary<string, string> Metadata = new(StringComparer.Ordinal) { ["format"] = "pt" };

    /// <summary>Writes the weights of a folder.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="tensors">What to write; made one after the other, in the order of their names.</param>
    /// <param name="shardBytes">Most bytes of a shard, but for a single tensor that is larger.</param>
    /// <exception cref="Core.TiebreakException">The disk is full or the place cannot be written.</exception>
    public static void Write(string folder, IReadOnlyList<PendingTensor> tensors, long shardBytes = DefaultShardBytes)
    {
        var shards = Divide(tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal), shardBytes);
        if (shards.Count == 1)
        {
            SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), shards[0], Metadata);
            return;
        }

        for (var i = 0; i < shards.Count; i++)
            SafetensorsWriter.Write(Path.Combine(folder, NameOf(i, shards.Count)), shards[i], Metadata);
        AtomicFile.Write(Path.Combine(folder, "model.safetensors.index.json"), stream => WriteIndex(stream, shards));
    }

    private static List<List<PendingTensor>> Divide(IEnumerable<PendingTensor> tensors, long shardBytes)
    {
        var shards = new List<List<PendingTensor>> { new() };
        var bytes = 0L;
        foreach (var tensor in tensors)
        {
            if (shards[^1].Count > 0 && bytes + tensor.ByteCount > shardBytes)
            {
                shards.Add([]);
                bytes = 0;
            }

            shards[^1].Add(tensor);
            bytes += tensor.ByteCount;
        }

        return shards;
    }

    private static string NameOf(int shard, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"model-{shard + 1:D5}-of-{count:D5}.safetensors");

    private static void WriteIndex(Stream stream, List<List<PendingTensor>> shards)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteStartObject("metadata");
        writer.WriteNumber("total_size", shards.Sum(shard => shard.Sum(tensor => tensor.ByteCount)));
        writer.WriteEndObject();
        writer.WriteStartObject("weight_map");
        foreach (var (shard, i) in shards.Select((shard, i) => (shard, i)))
        {
            foreach (var tensor in shard)
                writer.WriteString(tensor.Name, NameOf(i, shards.Count));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}

/// <summary>
/// A tensor to be written: what the header needs now, and its values when their turn comes, so that a model larger than memory can be
/// written.
/// </summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">The type of the elements.</param>
/// <param name="Shape">Sizes of the dimensions.</param>
/// <param name="Make">Makes it, in that type and shape, on any device; it is disposed after it was written.</param>
internal sealed record PendingTensor(string Name, DType Type, IReadOnlyList<long> Shape, Func<torch.Tensor> Make)
{
    /// <summary>Bytes of the elements.</summary>
    public long ByteCount => Shape.Aggregate(1L, (product, size) => product * size) * Type.Size;
}
