using Parquet.Serialization;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>A Parquet file as the Arena publishes them: conversations are lists of objects.</summary>
internal static class ArenaParquet
{
    public static byte[] Create()
    {
        using var stream = new MemoryStream();
        ParquetSerializer.SerializeAsync([Row("q1", "tie"), Row("q2", "model_a")], stream).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    private static ArenaRow Row(string id, string winner) => new()
    {
        id = id,
        model_a = "m1",
        model_b = "m2",
        winner = winner,
        conversation_a = [new() { role = "user", content = "p" }, new() { role = "assistant", content = "a" }],
        conversation_b = [new() { role = "user", content = "p" }, new() { role = "assistant", content = null }],
    };

#pragma warning disable IDE1006, CA1051, SA1300 // The names are those of the columns.
    private sealed class MessageRow
    {
        public string? role { get; set; }

        public string? content { get; set; }
    }

    private sealed class ArenaRow
    {
        public string? id { get; set; }

        public string? model_a { get; set; }

        public string? model_b { get; set; }

        public string? winner { get; set; }

        public List<MessageRow>? conversation_a { get; set; }

        public List<MessageRow>? conversation_b { get; set; }
    }
#pragma warning restore IDE1006, CA1051, SA1300
}
