using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.App.Recipes;
using Tiebreak.Core;
using Tiebreak.Ratings.Routing;

namespace Tiebreak.App.Routing;

/// <summary>
/// What models cost: YAML with a section per model, or CSV with a column <c>model</c>; keys and columns are <c>input_per_million</c>,
/// <c>output_per_million</c>, <c>per_answer</c>, <c>seconds</c>, <c>output_tokens</c>.
/// </summary>
internal static class CostFile
{
    private static readonly string[] Keys = ["input_per_million", "output_per_million", "per_answer", "seconds", "output_tokens"];

    /// <summary>Reads a file of costs.</summary>
    /// <exception cref="InputException">The file is not there, or not of that kind.</exception>
    public static IReadOnlyList<ModelCost> Read(string path)
    {
        if (!File.Exists(path))
            throw new InputException($"{path} does not exist. Give a YAML or CSV file that says what each model costs.");
        var text = YamlFile.ReadText(path, "file of costs");
        return path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? FromCsv(path, text) : FromYaml(path, text);
    }

    private static List<ModelCost> FromYaml(string path, string text)
    {
        var costs = new List<ModelCost>();
        foreach (var (model, value) in YamlJson.Read($"The cost file {path}", text))
        {
            if (value is not JsonObject section)
            {
                throw new InputException(
                    $"{path}: {model} is not followed by a section with what it costs, for instance {{ per_answer: 0.002 }}.");
            }

            var given = section.ToDictionary(pair => pair.Key, pair => (string?)pair.Value?.ToString(), StringComparer.Ordinal);
            costs.Add(Create($"{path}: {model}", model, given));
        }

        return costs;
    }

    private static List<ModelCost> FromCsv(string path, string text)
    {
        var lines = text.ReplaceLineEndings("\n").TrimStart('\uFEFF').Split('\n')
            .Index().Where(line => !string.IsNullOrWhiteSpace(line.Item)).ToList();
        string[] columns = lines.Count == 0 ? [] : [.. Fields(lines[0].Item).Select(column => column.Trim())];
        var name = Array.IndexOf(columns, "model");
        if (name < 0 || columns.Distinct(StringComparer.Ordinal).Count() < columns.Length)
        {
            throw new InputException($"{path} has no column \"model\", or one column twice. " +
                "Its first line should be, for instance, model,input_per_million,output_per_million,seconds.");
        }

        var costs = new List<ModelCost>();
        foreach (var (index, line) in lines.Skip(1))
        {
            var fields = Fields(line);
            if (fields.Count != columns.Length)
                throw new InputException($"{path}, line {index + 1} has {fields.Count} fields instead of {columns.Length}.");
            var given = columns.Index().Where(column => column.Index != name)
                .ToDictionary(column => column.Item, column => (string?)fields[column.Index], StringComparer.Ordinal);
            costs.Add(Create($"{path}, line {index + 1}", fields[name], given));
        }

        return costs;
    }

    private static ModelCost Create(string place, string model, Dictionary<string, string?> given)
    {
        if (given.Keys.FirstOrDefault(key => !Keys.Contains(key, StringComparer.Ordinal)) is { } unknown)
            throw new InputException($"{place} has \"{unknown}\", which is none of {string.Join(", ", Keys)}.");
        return new ModelCost
        {
            Model = model,
            InputPerMillion = Number(Keys[0]),
            OutputPerMillion = Number(Keys[1]),
            PerAnswer = Number(Keys[2]),
            Seconds = Number(Keys[3]),
            OutputTokens = Number(Keys[4]),
        };

        double? Number(string key) => !given.TryGetValue(key, out var text) || string.IsNullOrWhiteSpace(text)
            ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InputException($"{place} has the {key} \"{text}\", which is no number.");
    }

    // RFC 4180 within a line: quotes hold commas together and stand twice for one.
    private static List<string> Fields(string line)
    {
        var (fields, field, isQuoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '"' && isQuoted && i + 1 < line.Length && line[i + 1] == '"')
                field.Append(line[++i]);
            else if (c == '"')
                isQuoted = !isQuoted;
            else if (c == ',' && !isQuoted)
                (_, _) = (Add(), field.Clear());
            else
                field.Append(c);
        }

        Add();
        return fields;

        bool Add()
        {
            fields.Add(field.ToString());
            return true;
        }
    }
}
