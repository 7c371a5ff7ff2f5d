using System.Text.Json;
using Tiebreak.Core.Files;

namespace Tiebreak.Core.Training;

/// <summary>Appends events to <see cref="FileName"/>, one JSON object a line, and passes them on.</summary>
internal sealed class TrainingLog : IProgress<TrainingEvent>
{
    public const string FileName = "log.jsonl";

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly IProgress<TrainingEvent>? _listener;

    /// <summary>Goes on with the log of a folder; half a line at its end, left by a killed process, is dropped.</summary>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public TrainingLog(string folder, IProgress<TrainingEvent>? listener)
    {
        (_path, _listener) = (Path.Combine(folder, FileName), listener);
        Write(file =>
        {
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            file.SetLength(bytes.AsSpan().LastIndexOf((byte)'\n') + 1);
        });
    }

    /// <summary>The events of a folder; none where there is no log. Half a line at its end is left out.</summary>
    /// <exception cref="InputException">A line is no event.</exception>
    public static IEnumerable<TrainingEvent> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            yield break;

        // A training may be writing.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        var number = 0;
        for (var line = reader.ReadLine(); line is not null;)
        {
            number++;
            var next = reader.ReadLine();
            if (Parse(line) is { } found)
                yield return found;
            else if (next is not null)
                throw new InputException($"{path} is damaged: line {number} is no event of a training.");
            line = next;
        }
    }

    /// <inheritdoc/>
    public void Report(TrainingEvent value)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(value, TrainingJson.Default.TrainingEvent), (byte)'\n'];
        lock (_lock)
        {
            Write(file =>
            {
                _ = file.Seek(0, SeekOrigin.End);
                file.Write(line);
            });
        }

        _listener?.Report(value);
    }

    private static TrainingEvent? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, TrainingJson.Default.TrainingEvent);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Write(Action<FileStream> write) => StorageError.Guard(_path, () =>
    {
        using var file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        write(file);
    });
}
