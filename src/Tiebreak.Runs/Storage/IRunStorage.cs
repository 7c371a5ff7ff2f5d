namespace Tiebreak.Runs.Storage;

/// <summary>
/// The few file operations that a run is made of. Each happens whole or not at all, also when the process dies in the middle; that, and
/// nothing else, is what a run builds on. Names are relative to the run's folder, with <c>/</c>; absolute paths stand for themselves.
/// </summary>
internal interface IRunStorage
{
    /// <summary>The content of a file, or null if there is none.</summary>
    byte[]? Read(string name);

    /// <summary>Writes a file over what was there.</summary>
    void Replace(string name, Action<Stream> write);

    /// <summary>Writes a file that nobody else has written: of several callers exactly one gets true.</summary>
    bool TryPublish(string name, byte[] content);

    /// <summary>Renames a file; of several callers exactly one gets true.</summary>
    bool TryRename(string from, string to);

    /// <summary>Removes a file if it is there.</summary>
    void Delete(string name);

    /// <summary>Removes what writers of a file left beside it when they were killed. Only for a file that nobody else writes.</summary>
    void DeleteLeftOvers(string name);

    /// <summary>The names of the files in a folder, without the folder.</summary>
    IReadOnlyList<string> List(string folder);
}
