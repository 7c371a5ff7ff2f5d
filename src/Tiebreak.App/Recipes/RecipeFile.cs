using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Training;

namespace Tiebreak.App.Recipes;

/// <summary>
/// A recipe as a YAML file: <c>kind</c>, <c>folds</c> or <c>holdout</c>, <c>swap</c>, <c>calibration</c>, <c>post_rules</c>, <c>target</c>,
/// <c>columns</c> and <c>winner</c>, which every kind has, and the options of the kind. Recipes that come with Tiebreak are named without
/// path and extension.
/// </summary>
/// <param name="Recipe">The kind and its options.</param>
/// <param name="Validation">How the trained judge is validated.</param>
/// <param name="Swap">Whether the trained judge is asked in both orders.</param>
/// <param name="Calibrator">How the trained judge is calibrated.</param>
/// <param name="Target">The source that the judge is for; null for that of the first battle.</param>
public sealed record RecipeFile(Recipe Recipe, Validation Validation, SwapPolicy Swap, Calibrator Calibrator, string? Target)
{
    private const string ResourcePrefix = "recipes/";

    private static readonly string[] CommonKeys =
        ["kind", "folds", "holdout", "swap", "calibration", "post_rules", "target", "columns", "winner"];

    /// <summary>
    /// What the training files call things: keys <c>columns</c> (<c>prompt: question</c>) and <c>winner</c> (<c>left: model_a</c>); null
    /// for the usual names.
    /// </summary>
    public BattleMapping? Mapping { get; init; }

    /// <summary>Reads a recipe and applies changes to it.</summary>
    /// <param name="nameOrPath">A file, or the name of a recipe that comes with Tiebreak.</param>
    /// <param name="changes">Changes as <c>key=value</c>, keys of sections with a dot: <c>boosting.leaves=16</c>.</param>
    /// <param name="numbersOfBattle">
    /// The names of numbers about a battle as a whole where the judge is to learn from numbers; null where it is not.
    /// </param>
    /// <exception cref="InputException">No such recipe, not YAML, or an impossible value.</exception>
    public static RecipeFile Load(
        string nameOrPath, IReadOnlyList<string> changes, IReadOnlyList<string>? numbersOfBattle = null)
    {
        var options = ReadKeys(nameOrPath, changes);
        if (numbersOfBattle is not null)
        {
            Section(options, "features")["numbers"] = true;
            Section(options, "numbers")["of_battle"] = new JsonArray([.. numbersOfBattle.Select(name => JsonValue.Create(name))]);
        }

        return Of(nameOrPath, options);
    }

    /// <summary>The keys of a recipe with changes, as they stand in the file.</summary>
    /// <exception cref="InputException">No such recipe, or not YAML.</exception>
    internal static JsonObject ReadKeys(string nameOrPath, IReadOnlyList<string> changes)
    {
        var options = YamlJson.Read($"The recipe {nameOrPath}", ReadText(nameOrPath));
        foreach (var change in changes)
            Apply(options, change);
        return options;
    }

    /// <summary>A recipe of keys, which it takes over.</summary>
    /// <exception cref="InputException">An impossible value.</exception>
    internal static RecipeFile Of(string nameOrPath, JsonObject options)
    {
        var kind = Take(options, "kind") as JsonValue
            ?? throw new InputException($"The recipe {nameOrPath} has no \"kind\". Add one, for instance \"kind: feature\".");
        var validation = ValidationKeys.Take(options);
        var swap = Take(options, "swap")?.ToString() switch
        {
            null or "always" => SwapPolicy.Always,
            "never" => SwapPolicy.Never,
            var other => throw new InputException($"The recipe's key \"swap\" is \"{other}\"; it must be always or never."),
        };
        var calibrator = ReadCalibrator(options);
        var target = Take(options, "target")?.ToString();
        var mapping = ReadMapping(options);
        return new RecipeFile(new Recipe(kind.ToString(), options) { CommonKeys = CommonKeys }, validation, swap, calibrator, target)
        {
            Mapping = mapping,
        };
    }

    private static BattleMapping? ReadMapping(JsonObject options)
    {
        var (columns, winners) = (Pairs("columns"), Pairs("winner"));
        return columns.Count + winners.Count == 0 ? null : BattleMapping.Of(columns, winners);

        List<(string, string)> Pairs(string key) => Take(options, key) switch
        {
            null => [],
            JsonObject section => [.. section.Select(pair => (pair.Key, pair.Value?.ToString() ?? ""))],
            var other => throw new InputException(
                $"The recipe's key \"{key}\" is {other.ToJsonString()}; it must be a section of names and what the file writes."),
        };
    }

    private static Calibrator ReadCalibrator(JsonObject options)
    {
        var methods = Enum.GetValues<CalibrationMethod>()
            .ToDictionary(method => JsonNamingPolicy.SnakeCaseLower.ConvertName(method.ToString()), StringComparer.Ordinal);
        var name = Take(options, "calibration")?.ToString() ?? "temperature";
        if (!methods.TryGetValue(name, out var method))
        {
            throw new InputException(
                $"The recipe's key \"calibration\" is \"{name}\"; it must be one of {string.Join(", ", methods.Keys)}.");
        }

        var rules = Take(options, "post_rules") ?? false;
        return rules is JsonValue value && value.TryGetValue(out bool withRules)
            ? new Calibrator(method, withRules)
            : throw new InputException($"The recipe's key \"post_rules\" is {rules.ToJsonString()}; it must be true or false.");
    }

    private static string ReadText(string nameOrPath)
    {
        if (File.Exists(nameOrPath))
            return YamlFile.ReadText(nameOrPath, "recipe");

        var assembly = typeof(RecipeFile).Assembly;
        using var stream = assembly.GetManifestResourceStream($"{ResourcePrefix}{nameOrPath}.yaml");
        if (stream is null)
        {
            var known = assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
                .Select(name => Path.GetFileNameWithoutExtension(name)).Order(StringComparer.Ordinal);
            throw new InputException(
                $"There is no recipe {nameOrPath}. Give a YAML file, or one of the recipes that come with Tiebreak: " +
                $"{string.Join(", ", known)}.");
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static void Apply(JsonObject options, string change)
    {
        var equals = change.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            throw Wrong($"`set` {change} is not of the form key=value.");

        var (key, value) = (change[..equals], change[(equals + 1)..]);
        Set(options, key, value.StartsWith('[') ? YamlJson.ReadList($"The value of \"{key}\"", value) : YamlJson.ConvertPlain(value));

        static InputException Wrong(string message) => new(message) { Parameters = ["set"] };
    }

    /// <summary>Gives a key a value; those of sections have a dot.</summary>
    /// <exception cref="InputException">What stands before a dot is no section.</exception>
    internal static void Set(JsonObject options, string key, JsonNode? value)
    {
        var path = key.Split('.');
        var section = path[..^1].Aggregate(options, Section);
        section[path[^1]] = value;
    }

    private static JsonObject Section(JsonObject options, string name) => (options[name] ??= new JsonObject()) as JsonObject
        ?? throw new InputException($"The recipe's key \"{name}\" is not a section.");

    private static JsonNode? Take(JsonObject options, string key)
    {
        options.Remove(key, out var value);
        return value;
    }
}
