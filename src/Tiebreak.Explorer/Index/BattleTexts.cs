using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;
using ZstdSharp;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// The battles of an index with their texts, in a file that any of them can be read from: blocks of 64 battles as lines of Tiebreak JSONL,
/// each compressed with Zstandard. One thread writes; any number reads.
/// </summary>
internal sealed class BattleTexts : IDisposable
{
    /// <summary>Battles in a block; the last one may have fewer.</summary>
    public const int BlockBattles = 64;

    private const int Level = 1;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private long[] _ends; // where each block ends; grows by doubling, and readers see a whole array
    private volatile int _blocks;

    private BattleTexts(string path, FileMode mode, long[] ends)
    {
        (_path, _ends, _blocks) = (path, ends, ends.Length);
        _file = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read);
    }

    /// <summary>Creates an empty file.</summary>
    public static BattleTexts Create(string path) => new(path, FileMode.Create, []);

    /// <summary>Opens a file that was saved.</summary>
    public static BattleTexts Open(string path) =>
        new(path, FileMode.Open, MemoryMarshal.Cast<byte, long>(File.ReadAllBytes(EndsOf(path))).ToArray());

    /// <summary>Makes a block.</summary>
    /// <param name="battles">64 battles; fewer in the last block.</param>
    public static byte[] Pack(ReadOnlySpan<Battle> battles)
    {
        var lines = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(lines))
        {
            foreach (var battle in battles)
            {
                // A line must have a turn; that there was none is known from the facts.
                BattleJson.Write(json, battle.Turns.Count > 0 ? battle : battle with { Turns = [new Turn(null, null, null)] });
                json.Flush();
                json.Reset();
                lines.Write("\n"u8);
            }
        }

        using var compressor = new Compressor(Level);
        return compressor.Wrap(lines.WrittenSpan).ToArray();
    }

    /// <summary>Appends a block.</summary>
    public void Append(ReadOnlySpan<byte> block)
    {
        var (blocks, ends) = (_blocks, _ends);
        if (blocks == ends.Length)
            Array.Resize(ref ends, Math.Max(1_024, 2 * blocks));
        var start = blocks == 0 ? 0 : ends[blocks - 1];
        RandomAccess.Write(_file, block, start);
        ends[blocks] = start + block.Length;
        (_ends, _blocks) = (ends, blocks + 1);
    }

    /// <summary>Makes the file one that can be opened again.</summary>
    public void Save()
    {
        RandomAccess.FlushToDisk(_file);
        AtomicFile.Write(EndsOf(_path), file => file.Write(MemoryMarshal.AsBytes(_ends.AsSpan(0, _blocks))));
    }

    /// <summary>Reads a battle.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <returns>The battle as it was written; one that had no turn has a turn without texts.</returns>
    public Battle Read(int number)
    {
        var lines = Unpack((number - 1) / BlockBattles);
        for (var skip = (number - 1) % BlockBattles; skip > 0; skip--)
            lines = lines[(lines.IndexOf((byte)'\n') + 1)..];
        return Parse(lines[..lines.IndexOf((byte)'\n')]);
    }

    /// <summary>Reads a block.</summary>
    /// <param name="block">Its number, from 0: it holds the battles from 64 * <paramref name="block"/> + 1 on.</param>
    public List<Battle> ReadBlock(int block)
    {
        var battles = new List<Battle>(BlockBattles);
        for (var lines = Unpack(block); !lines.IsEmpty;)
        {
            var end = lines.IndexOf((byte)'\n');
            battles.Add(Parse(lines[..end]));
            lines = lines[(end + 1)..];
        }

        return battles;
    }

    public void Dispose() => _file.Dispose();

    private static string EndsOf(string path) => $"{path}.ends";

    // A row without an id is kept for looking at; its winner is known from the facts, whatever the models are called.
    private static Battle Parse(ReadOnlySpan<byte> line) => BattleJson.Read(line, words: null, defaultId: "").Battle;

    private ReadOnlySpan<byte> Unpack(int block)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, _blocks);
        var ends = _ends;
        var start = block == 0 ? 0 : ends[block - 1];
        var packed = new byte[ends[block] - start];
        for (int read = 0, some; read < packed.Length; read += some)
        {
            some = RandomAccess.Read(_file, packed.AsSpan(read), start + read);
            if (some == 0)
                throw new EndOfStreamException("The texts of the index end too early.");
        }

        using var decompressor = new Decompressor();
        return decompressor.Unwrap(packed);
    }
}
