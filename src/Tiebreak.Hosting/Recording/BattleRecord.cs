using System.Buffers;
using System.Text;
using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;

namespace Tiebreak.Hosting.Recording;

/// <summary>
/// Keeps battles that were asked about, for later votes: a file of Tiebreak JSONL in which each id stands once, also when a caller asks
/// again or the service starts again. When the file is full it gets the suffix <c>.1</c>, that one <c>.2</c>, and the oldest is removed
/// and forgotten. Safe for several threads at once.
/// </summary>
internal sealed class BattleRecord : IDisposable
{
    private const byte LineEnd = (byte)'\n';

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly long _mostBytes;
    private readonly List<HashSet<string>> _ids = []; // of the file, of the one before it ...
    private readonly int _files;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private FileStream _file;

    private BattleRecord(string path, long mostBytes, int files)
    {
        (_path, _mostBytes, _files) = (path, mostBytes, files);
        for (var age = 0; age < files && (age == 0 || File.Exists(PathOf(age))); age++)
            _ids.Add(ReadIds(PathOf(age)));
        _file = Open();
    }

    /// <summary>Goes on with a record, or begins one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mostBytes">Most bytes of a file.</param>
    /// <param name="files">Files that are kept, this one among them.</param>
    /// <exception cref="TiebreakException">The file cannot be read or written, or holds something else.</exception>
    public static BattleRecord Open(string path, long mostBytes = 64L * 1024 * 1024, int files = 4)
    {
        try
        {
            BattleRecord? record = null;
            StorageError.Guard(path, () => record = new BattleRecord(path, mostBytes, files));
            return record!;
        }
        catch (FormatException exception)
        {
            throw new InputException(
                $"{path} is no file of battles, one a line: a line {exception.Message}. Name another file.", exception);
        }
    }

    /// <summary>Adds battles whose ids are not there; they are with the operating system when this returns.</summary>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public void Add(IEnumerable<Battle> battles) => StorageError.Guard(_path, () =>
    {
        lock (_lock)
        {
            foreach (var battle in battles)
            {
                if (_ids.TrueForAll(ids => !ids.Contains(battle.Id)))
                    Add(battle);
            }
        }
    });

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Add(Battle battle)
    {
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer))
            BattleJson.Write(json, battle);
        _buffer.Write([LineEnd]);
        if (_file.Length > 0 && _file.Length + _buffer.WrittenCount > _mostBytes)
            Rotate();
        _file.Write(_buffer.WrittenSpan);
        _ids[0].Add(battle.Id);
    }

    private void Rotate()
    {
        _file.Dispose();
        for (var age = Math.Min(_ids.Count, _files - 1) - 1; age >= 0; age--)
            File.Move(PathOf(age), PathOf(age + 1), overwrite: true);
        if (_files == 1)
            File.Delete(_path);
        _ids.Insert(0, new HashSet<string>(StringComparer.Ordinal));
        if (_ids.Count > _files)
            _ids.RemoveAt(_files);
        _file = Open();
    }

    private string PathOf(int age) => age == 0 ? _path : $"{_path}.{age}";

    // Without a buffer: what was written is there if the process dies.
    private FileStream Open() => new(_path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>The ids of a file. A last line that was cut off when the process died is removed.</summary>
    private static HashSet<string> ReadIds(string path)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (!File.Exists(path))
            return ids;

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var whole = 0L;
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            if (whole + bytes.Length + 1 > file.Length)
                break; // no line end
            ids.Add(BattleJson.Read(bytes).Id);
            whole += bytes.Length + 1;
        }

        file.SetLength(whole);
        return ids;
    }
}
