using System.Buffers;
using System.Text;
using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;

namespace Tiebreak.Explorer.Voting;

/// <summary>
/// The votes of people, one battle of Tiebreak JSONL for each, so that they can be trained on, validated with and ranked by like any other
/// file. A vote is on the disk when <see cref="Append"/> returns; what a crash left half-written was never confirmed and is cut away when
/// the file is opened again.
/// </summary>
internal sealed class VoteFile : IDisposable
{
    /// <summary>Stands between the battle's id and the voter in the id of a vote; no voter's name has it.</summary>
    public const char Separator = '#';

    private const int BlockBytes = 1 << 16;

    private readonly Lock _lock = new();
    private readonly List<CastVote> _votes = [];
    private readonly string _path;
    private readonly FileStream _lockFile; // two explorers that add to one file would mix up their lines
    private FileStream _stream;

    private VoteFile(string path)
    {
        _path = path;
        _lockFile = Open($"{path}.lock", FileShare.None, FileOptions.DeleteOnClose);
        _stream = OpenStream(path);
    }

    /// <summary>The votes in the order of the file.</summary>
    public IReadOnlyList<CastVote> Votes
    {
        get
        {
            lock (_lock)
                return [.. _votes];
        }
    }

    /// <summary>The name of the file.</summary>
    public string Name => Path.GetFileName(_path);

    /// <summary>Opens the file, or makes an empty one.</summary>
    /// <exception cref="InputException">A line of it is no battle with a vote.</exception>
    /// <exception cref="TiebreakException">It cannot be written, or another explorer has it.</exception>
    public static VoteFile Open(string path)
    {
        var file = new VoteFile(Path.GetFullPath(path));
        try
        {
            file.Load();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds a vote and waits until it is on the disk.</summary>
    /// <param name="battle">The battle, with A and B as its file has them.</param>
    /// <param name="voter">Who votes; see <see cref="VoterName"/>.</param>
    /// <param name="verdict">The vote, with A and B of <paramref name="battle"/>.</param>
    /// <param name="origin">How the battle was chosen; it is kept as a tag.</param>
    /// <param name="time">When.</param>
    /// <exception cref="TiebreakException">It could not be written; then the file is as it was.</exception>
    public void Append(Battle battle, string voter, Verdict verdict, BallotOrigin origin, DateTimeOffset time)
    {
        var vote = battle with
        {
            Id = $"{battle.Id}{Separator}{voter}",
            Verdict = verdict,
            SoftLabel = null,
            States = null,
            Annotators = [VerdictText.Format(verdict)],
            AnnotatorIds = [voter],
            Tags = [.. battle.Tags ?? [], CastVote.TagOf(origin)],
            Timestamp = time,
        };
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
            BattleJson.Write(json, vote);
        line.Write("\n"u8);
        lock (_lock)
        {
            var before = _stream.Length;
            try
            {
                _stream.Write(line.WrittenSpan);
                _stream.Flush(flushToDisk: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                _stream.SetLength(before);
                throw StorageError.Explain(_path, exception);
            }

            _votes.Add(CastVote.Of(vote));
        }
    }

    /// <summary>Takes the last vote of a voter out of the file, which is replaced whole or not at all.</summary>
    /// <returns>That vote, or null if there is none.</returns>
    /// <exception cref="TiebreakException">The file cannot be replaced.</exception>
    public CastVote? Undo(string voter)
    {
        lock (_lock)
        {
            var last = _votes.FindLastIndex(vote => string.Equals(vote.Voter, voter, StringComparison.Ordinal));
            if (last < 0)
                return null;

            var undone = _votes[last];
            _stream.Dispose();
            try
            {
                var lines = File.ReadLines(_path).Where((_, i) => i != last);
                AtomicFile.Write(_path, stream =>
                {
                    using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
                    foreach (var line in lines)
                        writer.WriteLine(line);
                });
                _votes.RemoveAt(last);
                return undone;
            }
            finally
            {
                _stream = OpenStream(_path);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _lockFile.Dispose();
    }

    private static FileStream Open(string path, FileShare share, FileOptions options)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, bufferSize: 1, options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Explain(path, exception);
        }
    }

    // Other programs may read the file at any time.
    private static FileStream OpenStream(string path)
    {
        var stream = Open(path, FileShare.ReadWrite | FileShare.Delete, FileOptions.None);
        stream.Seek(0, SeekOrigin.End);
        return stream;
    }

    /// <summary>Makes the file end with a whole line: a last one without line feed is completed, or cut away if it is not whole.</summary>
    private void MendEnd()
    {
        var start = StartOfLastLine();
        if (start == _stream.Length)
            return;

        var line = new byte[_stream.Length - start];
        _stream.Position = start;
        _stream.ReadExactly(line);
        try
        {
            CastVote.Of(BattleJson.Read(line));
            _stream.Write("\n"u8);
        }
        catch (FormatException)
        {
            _stream.SetLength(start);
            _stream.Seek(0, SeekOrigin.End);
        }
    }

    private long StartOfLastLine()
    {
        var block = new byte[BlockBytes];
        for (var end = _stream.Length; end > 0; end -= Math.Min(end, BlockBytes))
        {
            var part = block.AsSpan(0, (int)Math.Min(end, BlockBytes));
            _stream.Position = end - part.Length;
            _stream.ReadExactly(part);
            if (part.LastIndexOf((byte)'\n') is >= 0 and var place)
                return end - part.Length + place + 1;
        }

        return 0;
    }

    private void Load()
    {
        MendEnd();
        var number = 0;
        foreach (var line in File.ReadLines(_path))
        {
            number++;
            try
            {
                _votes.Add(CastVote.Of(BattleJson.Read(Encoding.UTF8.GetBytes(line))));
            }
            catch (FormatException exception)
            {
                throw new InputException(
                    $"{_path}, line {number} {exception.Message}. Votes are added only to a file of votes; name another one.", exception);
            }
        }

        _stream.Seek(0, SeekOrigin.End);
    }
}
