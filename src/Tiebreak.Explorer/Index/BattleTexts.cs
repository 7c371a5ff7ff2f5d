using System.Buffers;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Tiebreak.Core.Battles;
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
    private long[] _ends = []; // where each block ends; grows by doubling, and readers see a whole array
    private volatile int _blocks;

    /// <summary>Creates an empty file.</summary>
    public BattleTexts(string path) =>
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);

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

    public void Dispose() => _file.Dispose();

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
