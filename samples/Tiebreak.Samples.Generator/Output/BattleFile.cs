using System.Globalization;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tiebreak.Samples.Generator.Output;

/// <summary>Writes labelled battles as compressed JSON lines.</summary>
internal static class BattleFile
{
    // Readable letters instead of \uXXXX: people will open this file.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the battles; .NET leaves the time stamp of the gzip header empty, so the bytes are the same on every run.</summary>
    public static void Write(string path, IReadOnlyList<Battle> battles)
    {
        using var file = File.Create(path);
        using var packed = new GZipStream(file, CompressionLevel.SmallestSize);
        for (var i = 0; i < battles.Count; i++)
        {
            using (var json = new Utf8JsonWriter(packed, Options)) Write(json, i, battles[i]);
            packed.WriteByte((byte)'\n');
        }
    }

    private static void Write(Utf8JsonWriter json, int index, Battle battle)
    {
        json.WriteStartObject();
        json.WriteString("id", "tb-" + (index + 1).ToString("D5", CultureInfo.InvariantCulture));
        json.WriteString("source", "tiebreak-synthetic");
        Texts(json, "prompt", battle.Prompts);
        Texts(json, "response_a", battle.ResponsesA);
        Texts(json, "response_b", battle.ResponsesB);
        json.WriteString("model_a", battle.ModelA);
        json.WriteString("model_b", battle.ModelB);
        json.WriteString("winner", battle.Winner);
        json.WriteString("language", battle.Language);
        json.WriteBoolean("synthetic", value: true);
        json.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string?> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
