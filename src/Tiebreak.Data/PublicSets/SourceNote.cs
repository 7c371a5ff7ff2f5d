using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Files;

namespace Tiebreak.Data.PublicSets;

/// <summary>
/// Where a fetched file came from and under which licence. It lies beside the file, as <c>train.csv.source.json</c> beside
/// <c>train.csv</c>, and gives rows that name neither source nor licence those of their file, so that both stay with the rows when files
/// are mixed.
/// </summary>
/// <param name="Source">The repository, such as <c>lmsys/lmsys-arena-human-preference-55k</c>.</param>
/// <param name="License">The licence, as its publisher names it.</param>
/// <param name="Commit">The commit of the repository that was fetched, or null where it has none.</param>
internal sealed partial record SourceNote(string Source, string License, string? Commit = null)
{
    private const string Suffix = ".source.json";
    private const int MostBytes = 64 * 1024;

    /// <summary>Writes the note beside a file, in one step.</summary>
    public void WriteBeside(string path) =>
        AtomicFile.Write(path + Suffix, stream => JsonSerializer.Serialize(stream, this, NoteJson.Default.SourceNote));

    /// <summary>The note beside a file, or null where there is none.</summary>
    /// <exception cref="InputException">There is one that cannot be read.</exception>
    public static SourceNote? Beside(string path)
    {
        var note = new FileInfo(path + Suffix);
        if (!note.Exists)
            return null;
        if (FileSize.Of(note.FullName) is > MostBytes and var size)
        {
            throw new InputException(
                $"{note.FullName} has {size:N0} bytes, but a note of a file's source has at most {MostBytes:N0}. "
                + "Delete it, or fetch the set again.");
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(note.FullName), NoteJson.Default.SourceNote)
                ?? throw new JsonException("It holds null.");
        }
        catch (JsonException exception)
        {
            throw new InputException(
                $"{note.FullName} is not a note of a file's source: {exception.Message} Delete it, or fetch the set again.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{note.FullName} says where {path} comes from, but cannot be read: {exception.Message}", exception);
        }
    }

    [JsonSourceGenerationOptions(
        JsonSerializerDefaults.General,
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(SourceNote))]
    private sealed partial class NoteJson : JsonSerializerContext;
}
