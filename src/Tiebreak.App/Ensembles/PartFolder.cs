using Tiebreak.Core.Files;

namespace Tiebreak.App.Ensembles;

/// <summary>A folder beside the bundle that is made, for bundles that become parts of it; deleted at the end.</summary>
internal sealed class PartFolder : IDisposable
{
    private readonly string _path;

    /// <param name="target">The bundle that is made.</param>
    public PartFolder(string target) =>
        _path = Invariant($"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(target))}.parts-{Environment.ProcessId}");

    /// <summary>The folder of a part.</summary>
    public string this[string name] => Path.Combine(_path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was written.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Explain(_path, exception);
        }
    }
}
