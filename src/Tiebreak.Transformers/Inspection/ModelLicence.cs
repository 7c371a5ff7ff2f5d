using System.Text.RegularExpressions;
using Tiebreak.Core.Files;
using Tiebreak.Core.Licences;
using Tiebreak.Transformers.Adapters;

namespace Tiebreak.Transformers.Inspection;

/// <summary>
/// What the files of a model's folder say of its licence and of the models that it was made of: the front matter of <c>README.md</c>, as
/// hubs want it; a file with the licence itself; an adapter's configuration.
/// </summary>
/// <param name="Licence">The licence, as a hub or its text names it; null where no file says.</param>
/// <param name="From">The file that says so; null where none does.</param>
/// <param name="Bases">The models that it was made of, as its files name them.</param>
internal sealed partial record ModelLicence(string? Licence, string? From, IReadOnlyList<string> Bases)
{
    private const long MostBytes = 1 << 20;
    private const string Card = "README.md";

    private static readonly string[] Texts = ["LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "LICENCE.txt", "LICENCE.md"];

    // What the text of a licence says, and how hubs call it; the first that is found counts.
    private static readonly (string Text, string Name)[] Known =
    [
        ("Gemma Terms of Use", "gemma"), ("NonCommercial", "cc-by-nc"), ("non-commercial use only", "cc-by-nc"),
        ("Mistral AI Research License", "mrl"), ("Qwen RESEARCH LICENSE", "qwen-research"), ("Apache License", "apache-2.0"),
        ("MIT License", "mit"), ("Permission is hereby granted, free of charge", "mit"),
    ];

    /// <summary>Reads a folder.</summary>
    /// <exception cref="Core.InputException">An adapter's configuration cannot be read.</exception>
    public static ModelLicence Of(string folder)
    {
        var card = FrontMatter(Path.Combine(folder, Card));
        var adapter = SettingsFile.ReadOrNull(Path.Combine(folder, AdapterConfig.FileName))?.Text("base_model_name_or_path");
        string[] bases = [.. card.Where(field => field.Key is "base_model").Select(field => field.Value)
            .Concat(adapter is null ? [] : [adapter]).Distinct(StringComparer.Ordinal)];

        // Licences that hubs do not know are "other", with a name of their own.
        var named = Value("license") is { } known && known is not "other" ? known : Value("license_name");
        return named is not null ? new ModelLicence(named, Card, bases)
            : OfTexts(folder) is var (licence, file) ? new ModelLicence(licence, file, bases)
            : new ModelLicence(null, null, bases);

        string? Value(string key) => card.FirstOrDefault(field => string.Equals(field.Key, key, StringComparison.Ordinal)).Value;
    }

    /// <summary>The same as a statement of a bundle.</summary>
    /// <param name="part">What the folder holds: <c>model</c> or <c>adapter</c>.</param>
    /// <param name="folder">The folder.</param>
    public static LicenceStatement StatementOf(string part, string folder)
    {
        var found = Of(folder);
        return new LicenceStatement(part, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), found.Licence)
        {
            Bases = found.Bases.Count > 0 ? found.Bases : null,
        };
    }

    // The lines between the first two of "---", as far as they are "key: value" or items of a list.
    private static List<(string Key, string Value)> FrontMatter(string path)
    {
        var fields = new List<(string Key, string Value)>();
        if (!File.Exists(path) || FileSize.Of(path) > MostBytes)
            return fields;
        string[] lines = [.. File.ReadLines(path).Select(line => line.TrimEnd()).SkipWhile(line => line.Length == 0)];
        if (lines is not ["---", ..])
            return fields;

        var key = "";
        foreach (var line in lines.Skip(1).TakeWhile(line => line is not "---"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line.TrimStart().StartsWith("- ", StringComparison.Ordinal))
            {
                fields.Add((key, Plain(line.TrimStart()[2..])));
            }
            else if (colon > 0 && !char.IsWhiteSpace(line[0]))
            {
                key = line[..colon];
                if (Plain(line[(colon + 1)..]) is { Length: > 0 } value)
                    fields.Add((key, value));
            }
        }

        return fields;
    }

    private static string Plain(string value) => Printable.Of(value.Trim().Trim('"', '\''));

    private static (string Licence, string File)? OfTexts(string folder)
    {
        foreach (var name in Texts)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path) || FileSize.Of(path) > MostBytes)
                continue;
            var text = File.ReadAllText(path);
            if (Llama().Match(text) is { Success: true } llama)
                return ($"llama{llama.Groups["version"].Value}", name);
            var known = Array.Find(Known, licence => text.Contains(licence.Text, StringComparison.OrdinalIgnoreCase));
            return (known.Name ?? $"see {name}", name);
        }

        return null;
    }

    [GeneratedRegex(
        @"LLAMA (?<version>[0-9.]*[0-9]) COMMUNITY LICENSE",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Llama();
}
