using Tiebreak.Core;
using Tiebreak.Core.Files;

namespace Tiebreak.Runs.Storage;

/// <summary>
/// A folder on a disk, local or shared: files appear by renaming a finished temporary file. Left-overs of processes that died end with
/// <see cref="TemporarySuffix"/>; nobody reads them.
/// </summary>
/// <param name="root">The run's folder; created with its subfolders as they are needed.</param>
internal sealed class DiskStorage(string root) : IRunStorage
{
    public const string TemporarySuffix = ".tmp";

    public byte[]? Read(string name)
    {
        try
        {
            return File.ReadAllBytes(Locate(name));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TiebreakException($"{Locate(name)} cannot be read: {exception.Message}", exception) { Code = ErrorCodes.Storage };
        }
    }

    public void Replace(string name, Action<Stream> write)
    {
        CreateFolderOf(name);
        AtomicFile.Write(Locate(name), write);
    }

    public bool TryPublish(string name, byte[] content)
    {
        CreateFolderOf(name);
        var path = Locate(name);
        var temporary = $"{path}.{Guid.NewGuid():N}{TemporarySuffix}";
        try
        {
            File.WriteAllBytes(temporary, content);
            if (ExclusiveRename.TryMove(temporary, path))
                return true;

            File.Delete(temporary);
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Explain(path, exception);
        }
    }

    public bool TryRename(string from, string to)
    {
        try
        {
            File.Move(Locate(from), Locate(to), overwrite: false);
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException) when (!File.Exists(Locate(from)) || File.Exists(Locate(to)))
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Explain(Locate(to), exception);
        }
    }

    public void Delete(string name)
    {
        try
        {
            File.Delete(Locate(name));
        }
        catch (DirectoryNotFoundException)
        {
            // What is not there need not be removed.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TiebreakException($"{Locate(name)} cannot be removed: {exception.Message}", exception) { Code = ErrorCodes.Storage };
        }
    }

    public void DeleteLeftOvers(string name)
    {
        var path = Locate(name);
        try
        {
            foreach (var leftOver in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.*{TemporarySuffix}"))
            {
                if (Guid.TryParseExact(leftOver[(path.Length + 1)..^TemporarySuffix.Length], "N", out _))
                    File.Delete(leftOver);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // They take room and nothing else; where something is wrong with the folder, writing says so.
        }
    }

    public IReadOnlyList<string> List(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(Locate(folder)).Select(path => Path.GetFileName(path))
                .Where(name => !name.EndsWith(TemporarySuffix, StringComparison.Ordinal))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TiebreakException($"The folder {Locate(folder)} cannot be read: {exception.Message}", exception)
            {
                Code = ErrorCodes.Storage,
            };
        }
    }

    private string Locate(string name) => Path.Combine(root, name);

    private void CreateFolderOf(string name)
    {
        // The folder of a submission is the user's to create: a run makes only its own.
        if (Path.IsPathRooted(name))
            return;

        StorageError.Guard(Locate(name), () => Directory.CreateDirectory(Path.GetDirectoryName(Locate(name))!));
    }
}
