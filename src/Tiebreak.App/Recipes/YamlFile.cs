using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Files;

namespace Tiebreak.App.Recipes;

/// <summary>Small YAML files that people write: recipes, templates, costs, families.</summary>
public static class YamlFile
{
    private const long MaxBytes = 1 << 20;

    /// <summary>Reads a file that is one mapping of keys and values.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What it is, as messages name it: <c>recipe</c>.</param>
    /// <exception cref="InputException">It is not there, too large, or not such YAML.</exception>
    public static JsonObject Read(string path, string kind) => YamlJson.Read($"The {kind} {path}", ReadText(path, kind));

    /// <summary>Reads a whole file as text.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What it is, as messages name it.</param>
    /// <exception cref="InputException">It is not there, too large, or cannot be read.</exception>
    internal static string ReadText(string path, string kind)
    {
        try
        {
            if (!File.Exists(path))
                throw new InputException($"The {kind} {path} does not exist.");
            return FileSize.Of(path) <= MaxBytes
                ? File.ReadAllText(path)
                : throw new InputException($"{path} is larger than 1 MiB, which no {kind} is.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The {kind} {path} cannot be read: {exception.Message}", exception);
        }
    }
}
