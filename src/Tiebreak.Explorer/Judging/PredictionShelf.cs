using Tiebreak.App;
using Tiebreak.App.Predicting;
using Tiebreak.App.Submissions;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Data.Submissions;

namespace Tiebreak.Explorer.Judging;

/// <summary>
/// Files of preferences, which stand beside judges wherever those are compared: of runs, when they have ended, and others.
/// </summary>
/// <param name="context">Told what there is to say about files.</param>
/// <param name="runs">Folders of runs.</param>
/// <param name="files">Submissions, or other files of preferences by id.</param>
internal sealed class PredictionShelf(JobContext context, NamedPaths runs, NamedPaths files)
{
    /// <summary>The names of all, runs first.</summary>
    public IReadOnlyList<string> Names => [.. runs.Names, .. files.Names];

    /// <summary>The names of those that are there: a run has none before it has ended.</summary>
    public IEnumerable<string> ReadyNames => Names.Where(name => File.Exists(FileOf(name)));

    /// <summary>The file of a name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public string FileOf(string name) => runs.TryFind(name) is { } run ? ReadRunStatus.PreferencesOf(run) : files[name];

    /// <summary>Opens a file as a judge.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The judge, and what tells the file from others of its name.</returns>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public (RecordedJudge Judge, string Key) Open(string name)
    {
        var file = FileOf(name);
        var key = FileSha256.Of(file);
        return (new RecordedJudge(PreferencesById.Read(context, file, SubmissionScale.None)), key);
    }
}
