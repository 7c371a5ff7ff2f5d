using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core.Files;

namespace Tiebreak.Core.Training;

/// <summary>
/// A folder in which a trainer keeps what it has finished, so that a training that was stopped goes on where it was. The file
/// <see cref="ManifestName"/> states what the work depends on: a training that differs in any of it is refused.
/// </summary>
public sealed class TrainingWork
{
    /// <summary>The file that states what the work depends on: a JSON object of texts.</summary>
    public const string ManifestName = "work.json";

    private readonly Dictionary<string, string> _manifest;

    private TrainingWork(string folder, Dictionary<string, string> manifest) => (Folder, _manifest) = (folder, manifest);

    /// <summary>The folder.</summary>
    public string Folder { get; }

    private string ManifestPath => Path.Combine(Folder, ManifestName);

    /// <summary>Begins or resumes work.</summary>
    /// <param name="folder">A new or empty folder, or one that holds work.</param>
    /// <param name="dependsOn">What the work depends on, by name: the recipe, the data, the seed.</param>
    /// <param name="resume">Whether work that is there may be gone on with.</param>
    /// <exception cref="InputException">
    /// There is work and it is not to be resumed, or it is another training's; or the folder holds other files.
    /// </exception>
    /// <exception cref="TiebreakException">The folder cannot be written.</exception>
    public static TrainingWork Open(string folder, IReadOnlyDictionary<string, string> dependsOn, bool resume)
    {
        var path = Path.Combine(folder, ManifestName);
        if (!File.Exists(path))
        {
            if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            {
                throw new InputException(
                    $"{folder} holds other files and no work of a training. Name an empty or a new folder for the work.");
            }

            StorageError.Guard(folder, () => Directory.CreateDirectory(folder));
            var begun = new TrainingWork(folder, new Dictionary<string, string>(dependsOn, StringComparer.Ordinal));
            begun.WriteManifest();
            return begun;
        }

        if (!resume)
        {
            throw new InputException(
                $"{folder} holds the work of a training that has begun. Resume it, or name another folder for the work.");
        }

        var work = new TrainingWork(folder, ReadManifest(path));
        foreach (var (what, value) in dependsOn)
            work.DependOn(what, value);
        return work;
    }

    /// <summary>States something else that the work depends on, which only the trainer knows: the weights of a base model.</summary>
    /// <param name="what">What it is, as a person would say it: "base model".</param>
    /// <param name="value">A value or a hash.</param>
    /// <exception cref="InputException">The work was begun with another value.</exception>
    /// <exception cref="TiebreakException">The folder cannot be written.</exception>
    public void DependOn(string what, string value)
    {
        if (!_manifest.TryGetValue(what, out var begunWith))
        {
            _manifest.Add(what, value);
            WriteManifest();
        }
        else if (!string.Equals(begunWith, value, StringComparison.Ordinal))
        {
            throw new InputException(
                $"The work in {Folder} belongs to another training: its {what} is {Shown(begunWith)}, and now it is {Shown(value)}.");
        }
    }

    /// <summary>Opens a journal: what is in it was finished before.</summary>
    /// <param name="name">Its name, which is valid as that of a file.</param>
    /// <exception cref="TiebreakException">The file cannot be opened: another training uses it, or there is no permission.</exception>
    public WorkJournal OpenJournal(string name) => new(Path.Combine(Folder, $"{name}.journal"));

    /// <summary>What the work of a folder depends on, by name.</summary>
    /// <exception cref="InputException">The file that says so is damaged.</exception>
    internal static IReadOnlyDictionary<string, string> DependenciesOf(string folder) => ReadManifest(Path.Combine(folder, ManifestName));

    private static string Shown(string value) => value.Length <= 200 ? value : $"{value[..200]}...";

    private static Dictionary<string, string> ReadManifest(string path)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), TrainingJson.Default.DictionaryStringString)!;
            return new Dictionary<string, string>(manifest, StringComparer.Ordinal);
        }
        catch (JsonException exception)
        {
            throw new InputException($"{path} is damaged: {exception.Message} Remove the folder and begin again.", exception);
        }
    }

    private void WriteManifest() => AtomicFile.Write(
        ManifestPath, stream => JsonSerializer.Serialize(stream, _manifest, TrainingJson.Default.DictionaryStringString));
}

/// <summary>How the files of a work folder are written: snake_case, no reflection; a loss may be infinite.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(TrainingEvent))]
internal sealed partial class TrainingJson : JsonSerializerContext;
