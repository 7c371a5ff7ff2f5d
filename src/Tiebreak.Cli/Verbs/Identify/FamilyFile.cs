using System.Text.Json.Nodes;
using Tiebreak.App.Recipes;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs.Identify;

/// <summary>Families of models as YAML: the name of a model, and that of its family.</summary>
internal static class FamilyFile
{
    /// <param name="path">The file; null for none.</param>
    /// <exception cref="InputException">The file is not there, or not such a mapping.</exception>
    public static IReadOnlyDictionary<string, string> Read(string? path)
    {
        if (path is null)
            return new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(path))
            throw new InputException($"{path} does not exist. Give a YAML file with lines such as \"text-davinci-003: gpt\".");
        return YamlFile.Read(path, "file of families").ToDictionary(
            pair => pair.Key,
            pair => pair.Value is JsonValue value
                ? value.ToString()
                : throw new InputException($"{path}: the family of {pair.Key} is no name."),
            StringComparer.Ordinal);
    }
}
