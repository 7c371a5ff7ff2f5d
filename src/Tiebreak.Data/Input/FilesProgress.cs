namespace Tiebreak.Data.Input;

/// <summary>Adds up the progress of several files that are read one after the other.</summary>
internal sealed class FilesProgress(IReadOnlyList<string> paths, IProgress<ReadProgress>? target) : IProgress<ReadProgress>
{
    private readonly long _total = paths.Where(File.Exists).Sum(path => new FileInfo(path).Length);
    private long _finished;
    private long _current;

    public void Report(ReadProgress value)
    {
        _current = value.BytesRead;
        target?.Report(new ReadProgress(_finished + _current, _total));
    }

    public void NextFile() => (_finished, _current) = (_finished + _current, 0);
}
