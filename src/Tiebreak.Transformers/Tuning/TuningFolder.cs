using Tiebreak.Core.Files;
using Tiebreak.Core.Training;

namespace Tiebreak.Transformers.Tuning;

/// <summary>Where a training keeps its files: its work folder, or a temporary one that goes when it is disposed.</summary>
internal sealed class TuningFolder : IDisposable
{
    private readonly bool _isTemporary;

    /// <param name="work">What the training keeps; null: nothing.</param>
    public TuningFolder(TrainingWork? work)
    {
        _isTemporary = work is null;
        Path = work?.Folder ?? Directory.CreateTempSubdirectory("tiebreak-tuning-").FullName;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    public void Dispose()
    {
        if (_isTemporary && Directory.Exists(Path))
            StorageError.Guard(Path, () => Directory.Delete(Path, recursive: true));
    }
}
