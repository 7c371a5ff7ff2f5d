using System.Buffers;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;
using Tiebreak.Data.Layouts.Kaggle;
using Tiebreak.Data.Reading.Parquet;
using ZstdSharp;

namespace Tiebreak.Data;

/// <summary>Writes battle files, whole or not at all. A path that ends with <c>.gz</c> or <c>.zst</c> is compressed.</summary>
public static class BattleWriter
{
    private const int BufferSize = 1 << 16;

    // Texts are data, not parts of a web page: other scripts and signs stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes Tiebreak JSONL: everything a battle has, one object a line.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="battles">Enumerated once, so that files of any size can be converted.</param>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public static void WriteJsonl(string path, IEnumerable<Battle> battles) => Write(path, stream =>
    {
        using var lines = new JsonLines(stream);
        foreach (var battle in battles)
            lines.Write(battle);
    });

    /// <summary>Writes Tiebreak JSONL of battles that come one after the other, for instance from a judge.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="battles">Enumerated once, so that files of any size can be written.</param>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public static Task WriteJsonlAsync(string path, IAsyncEnumerable<Battle> battles) => AtomicFile.WriteAsync(path, async file =>
    {
        using var compressed = Compress(path, file);
        using var lines = new JsonLines(compressed ?? file);
        await foreach (var battle in battles.ConfigureAwait(false))
            lines.Write(battle);
    });

    /// <summary>
    /// Writes the layout of the competition's <c>train.csv</c>. It has no place for soft labels, languages, times, annotators, tags and
    /// sources, and "both bad" becomes a tie.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="battles">Enumerated once.</param>
    /// <exception cref="InputException">A battle has no verdict.</exception>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public static void WriteKaggleTrain(string path, IEnumerable<Battle> battles) =>
        Write(path, stream =>
        {
            using var writer = new KaggleWriter(stream);
            writer.WriteTrain(battles);
        });

    /// <summary>Writes the layout of the competition's <c>test.csv</c>: ids and texts, neither models nor labels.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="battles">Enumerated once.</param>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public static void WriteKaggleTest(string path, IEnumerable<Battle> battles) =>
        Write(path, stream =>
        {
            using var writer = new KaggleWriter(stream);
            writer.WriteTest(battles);
        });

    /// <summary>
    /// Writes Apache Parquet with the columns of Tiebreak JSONL: everything a battle has, texts as lists of strings, compressed with
    /// Zstandard inside, row groups of 10,000 battles.
    /// </summary>
    /// <param name="path">The file; its folder must exist. It is not compressed once more, whatever its name.</param>
    /// <param name="battles">Enumerated once; 10,000 battles at a time are in memory.</param>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public static void WriteParquet(string path, IEnumerable<Battle> battles) =>
        AtomicFile.Write(path, file => ParquetBattles.WriteAsync(file, battles).GetAwaiter().GetResult());

    private static void Write(string path, Action<Stream> write) => AtomicFile.Write(path, file =>
    {
        using var compressed = Compress(path, file);
        write(compressed ?? file);
    });

    private static Stream? Compress(string path, Stream file) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".GZ" => new BufferedStream(new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true), BufferSize),
        ".ZST" => new BufferedStream(new CompressionStream(file, leaveOpen: true), BufferSize),
        _ => null,
    };

    /// <summary>A line for each battle.</summary>
    private sealed class JsonLines : IDisposable
    {
        private readonly Stream _stream;
        private readonly ArrayBufferWriter<byte> _line = new();
        private readonly Utf8JsonWriter _json;

        public JsonLines(Stream stream) => (_stream, _json) = (stream, new Utf8JsonWriter(_line, Readable));

        public void Write(Battle battle)
        {
            _line.ResetWrittenCount();
            _json.Reset();
            BattleJson.Write(_json, battle);
            _json.Flush();
            _line.Write("\n"u8);
            _stream.Write(_line.WrittenSpan);
        }

        public void Dispose() => _json.Dispose();
    }
}
