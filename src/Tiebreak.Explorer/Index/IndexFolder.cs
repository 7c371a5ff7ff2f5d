using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;
using Tiebreak.Data;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// The folder of an index: beside the first file, or in the user's cache where that cannot be written or another process has it. One
/// process at a time has a folder; it belongs to it until it is disposed.
/// </summary>
internal sealed class IndexFolder : IDisposable
{
    private const string Lock = "lock";
    private const string Manifest = "index.json";

    private static readonly string[] Parts = [Manifest, "battles.duckdb", "battles.duckdb.wal", "texts", "texts.ends", "search.sqlite"];

    private readonly FileStream _lock;
    private readonly string _path;
    private readonly string _reading;

    private IndexFolder(string path, FileStream @lock, IReadOnlyList<string> files, BattleReadOptions reading)
    {
        (_path, _lock, _reading) = (path, @lock, Describe(reading));
        Complete = ReadManifest(files);
        if (Complete is null)
            Clear();
    }

    /// <summary>The file of the database.</summary>
    public string Battles => Path.Combine(_path, "battles.duckdb");

    /// <summary>The file of the texts.</summary>
    public string Texts => Path.Combine(_path, "texts");

    /// <summary>The file in which words are looked up.</summary>
    public string Search => Path.Combine(_path, "search.sqlite");

    /// <summary>What the folder holds of the files as they are now; null if it has to be built.</summary>
    public IndexManifest? Complete { get; private set; }

    /// <summary>Takes the folder of some files. What it holds of other files, or of other contents, is removed.</summary>
    /// <param name="files">The files.</param>
    /// <param name="reading">How they are read.</param>
    /// <param name="folder">A folder to take; null for the usual ones.</param>
    /// <exception cref="InputException">A file is not there.</exception>
    /// <exception cref="TiebreakException">No folder can be written.</exception>
    public static IndexFolder Take(IReadOnlyList<string> files, BattleReadOptions reading, string? folder)
    {
        if (files.FirstOrDefault(file => !File.Exists(file)) is { } missing)
            throw new InputException($"There is no file {missing}.");

        Exception? cause = null;
        string[] places = folder is not null ? [folder] : [$"{files[0]}.tiebreak-index", InCache(files)];
        foreach (var place in places)
        {
            try
            {
                Directory.CreateDirectory(place);
                return Take(place, files, reading);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                cause = exception;
            }
        }

        throw new TiebreakException(
            $"No index of {files[0]} can be kept: {string.Join(" and ", places)} cannot be written, or other processes have them open. "
            + "End the other process, or give a folder that can be written.",
            cause);
    }

    /// <summary>Writes what the folder holds, when it does.</summary>
    /// <param name="files">The files, with the hashes of what was read.</param>
    /// <param name="battles">Battles in the index.</param>
    /// <param name="warnings">What there was to say.</param>
    /// <param name="hasSearch">Whether texts can be searched.</param>
    public void Save(IReadOnlyList<IndexedFile> files, int battles, IReadOnlyList<string> warnings, bool hasSearch) => Save(new()
    {
        Version = IndexManifest.CurrentVersion,
        Files = files,
        Reading = _reading,
        Battles = battles,
        HasSearch = hasSearch,
        Warnings = warnings,
    });

    /// <summary>Writes that texts can be searched too.</summary>
    public void SaveSearch() => Save(Complete! with { HasSearch = true });

    public void Dispose()
    {
        if (Complete is null)
            Clear();
        _lock.Dispose();
    }

    private static IndexFolder Take(string place, IReadOnlyList<string> files, BattleReadOptions reading)
    {
        var @lock = new FileStream(Path.Combine(place, Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            return new IndexFolder(place, @lock, files, reading);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    private static string InCache(IReadOnlyList<string> files)
    {
        var caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        var key = ContentKey.Of([.. files.Select(Path.GetFullPath)]);
        return Path.Combine(caches, "tiebreak", "explorer", key.ToString());
    }

    /// <summary>What changes the battles that are read from the same files.</summary>
    private static string Describe(BattleReadOptions reading)
    {
        var mapping = reading.Mapping ?? new BattleMapping();
        var lines = mapping.Columns.Select(pair => $"column {pair.Key}={pair.Value}")
            .Concat(mapping.Winners.Select(pair => $"winner {pair.Key}={VerdictText.Format(pair.Value)}"))
            .Concat(reading.Where.Select(pair => $"where {pair.Column}={pair.Value}"));
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    private void Save(IndexManifest manifest)
    {
        AtomicFile.WriteText(Path.Combine(_path, Manifest), JsonSerializer.Serialize(manifest, IndexJson.Default.IndexManifest));
        Complete = manifest;
    }

    private IndexManifest? ReadManifest(IReadOnlyList<string> files)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(_path, Manifest));
            return JsonSerializer.Deserialize(text, IndexJson.Default.IndexManifest) is { Version: IndexManifest.CurrentVersion } manifest
                && string.Equals(manifest.Reading, _reading, StringComparison.Ordinal)
                && manifest.Files.Count == files.Count
                && manifest.Files.Zip(files, IsSame).All(isSame => isSame)
                ? manifest
                : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    // A file that was copied or touched has another time and the same content. Its bytes are read only then.
    private static bool IsSame(IndexedFile indexed, string path)
    {
        var file = new FileInfo(path);
        return string.Equals(indexed.Path, file.FullName, StringComparison.Ordinal)
            && indexed.Bytes == file.Length
            && (indexed.Modified == file.LastWriteTimeUtc || string.Equals(indexed.Sha256, FileSha256.Of(path), StringComparison.Ordinal));
    }

    private void Clear()
    {
        foreach (var part in Parts)
            File.Delete(Path.Combine(_path, part));
    }
}
