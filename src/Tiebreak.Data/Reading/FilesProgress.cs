using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;

namespace Tiebreak.Data.Reading;

/// <summary>Adds up the progress of several files that are read one after the other.</summary>
internal sealed class FilesProgress(IReadOnlyList<string> paths, BattleReadOptions options) : IProgress<JobProgress>
{
    private readonly long _total = paths.Where(File.Exists).Sum(FileSize.Of);
    private long _finished;
    private long _current;

    public void Report(JobProgress value)
    {
        _current = value.Done;
        var stage = options.Stage ?? (paths.Count == 1 ? value.Stage : "reading battles");
        options.Progress?.Report(new JobProgress(stage, _finished + _current, _total));
    }

    public void NextFile() => (_finished, _current) = (_finished + _current, 0);
}
