using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tiebreak.Core.Battles;
using Tiebreak.Runs.Planning;
using Tiebreak.Runs.Scoring;

namespace Tiebreak.Runs.Results;

/// <summary>
/// The result of a shard as JSON lines: first <c>{"shard", "rows", "sha256"}</c> with the hash of all that follows, then a line per battle,
/// <c>{"row", "id", "preference": [A, B, tie]}</c> or <c>{"row", "id", "failed": "why"}</c>. A preference may be followed by
/// <c>"neither_acceptable"</c>, a probability, and <c>"abstained_by"</c>, a rule. Numbers read back exactly.
/// </summary>
internal static class ShardFile
{
    private const string NeitherAcceptable = "neither_acceptable";
    private const string AbstainedBy = "abstained_by";

    // Ids and reasons are data, not parts of a web page.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string FileOf(string shard) => $"results/{shard}.jsonl";

    /// <summary>The file of a shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="battles">The battles of the whole run.</param>
    /// <param name="scores">One score per row of the shard.</param>
    public static byte[] Format(Shard shard, IReadOnlyList<Battle> battles, IReadOnlyList<RowScore> scores)
    {
        var body = new ArrayBufferWriter<byte>(1 << 14);
        using var writer = new Utf8JsonWriter(body, Readable);
        for (var i = 0; i < scores.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteNumber("row", shard.Rows[i]);
            writer.WriteString("id", battles[shard.Rows[i]].Id);
            if (scores[i].Failure is { } failure)
            {
                writer.WriteString("failed", failure);
            }
            else
            {
                writer.WritePropertyName("preference");
                PreferenceJson.Write(writer, scores[i].Preference);
                if (scores[i].NeitherAcceptable is { } neither)
                    writer.WriteNumber(NeitherAcceptable, neither);
                if (scores[i].AbstainedBy is { } rule)
                    writer.WriteString(AbstainedBy, rule);
            }

            writer.WriteEndObject();
            EndLine(writer, body);
        }

        var file = new ArrayBufferWriter<byte>(body.WrittenCount + 256);
        using var header = new Utf8JsonWriter(file, Readable);
        header.WriteStartObject();
        header.WriteString("shard", shard.Name);
        header.WriteNumber("rows", shard.Rows.Length);
        header.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(body.WrittenSpan)));
        header.WriteEndObject();
        EndLine(header, file);
        file.Write(body.WrittenSpan);
        return file.WrittenSpan.ToArray();
    }

    /// <summary>The scores of a shard's rows, or null if the file is not whole or belongs to something else.</summary>
    public static RowScore[]? Parse(ReadOnlySpan<byte> file, Shard shard, IReadOnlyList<Battle> battles)
    {
        try
        {
            var headerEnd = file.IndexOf((byte)'\n');
            if (headerEnd < 0)
                return null;

            using var header = JsonDocument.Parse(file[..headerEnd].ToArray());
            var body = file[(headerEnd + 1)..];
            return header.RootElement.GetProperty("sha256").ValueEquals(Convert.ToHexStringLower(SHA256.HashData(body))) &&
                header.RootElement.GetProperty("shard").ValueEquals(shard.Name)
                ? ParseBody(body, shard, battles)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException
            or InvalidOperationException)
        {
            return null;
        }
    }

    private static RowScore[]? ParseBody(ReadOnlySpan<byte> body, Shard shard, IReadOnlyList<Battle> battles)
    {
        var scores = new RowScore[shard.Rows.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            var end = body.IndexOf((byte)'\n');
            if (end < 0)
                return null;

            var row = shard.Rows[i];
            var reader = new Utf8JsonReader(body[..end]);
            if (!IsRow(ref reader, row, battles[row].Id))
                return null;

            reader.Read();
            var isFailure = reader.ValueTextEquals("failed"u8);
            reader.Read();
            scores[i] = isFailure ? new RowScore(default, reader.GetString()) : ScoreFrom(ref reader);
            body = body[(end + 1)..];
        }

        return body.IsEmpty ? scores : null;
    }

    private static RowScore ScoreFrom(ref Utf8JsonReader reader)
    {
        var score = new RowScore(PreferenceJson.Read(ref reader)!.Value, null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isProbability = reader.ValueTextEquals(NeitherAcceptable);
            reader.Read();
            score = isProbability
                ? score with { NeitherAcceptable = reader.GetDouble() }
                : score with { AbstainedBy = reader.GetString() };
        }

        return score;
    }

    // {"row":17,"id":"..." as it was written.
    private static bool IsRow(ref Utf8JsonReader reader, int row, string id)
    {
        reader.Read();
        reader.Read();
        reader.Read();
        if (reader.GetInt32() != row)
            return false;

        reader.Read();
        reader.Read();
        return reader.ValueTextEquals(Encoding.UTF8.GetBytes(id));
    }

    private static void EndLine(Utf8JsonWriter writer, ArrayBufferWriter<byte> buffer)
    {
        writer.Flush();
        writer.Reset();
        buffer.Write("\n"u8);
    }
}
