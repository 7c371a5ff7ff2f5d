using System.Globalization;
using System.Text;
using Tiebreak.Core;

namespace Tiebreak.Boosting.TermVectors;

/// <summary>
/// The linear model as tab-separated text that a person can read and sort: a header, one line per term (term, inverse frequency, strength, tie by
/// response, tie by prompt), and the intercept in the line of the empty term. Numbers round-trip exactly.
/// </summary>
internal static class PairLinearFile
{
    private const string Header = "term\tinverse_frequency\tstrength\ttie_by_response\ttie_by_prompt";

    public static async Task WriteAsync(string path, PairLinearModel model)
    {
        var text = new StringBuilder(Header).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"\t0\t0\t0\t{model.TieIntercept:R}\n");
        for (var i = 0; i < model.Vocabulary.Terms.Count; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{model.Vocabulary.Terms[i]}\t{model.Vocabulary.InverseFrequencies[i]:R}\t{model.Strength[i]:R}\t{model.TieByResponse[i]:R}\t{model.TieByPrompt[i]:R}\n");
        }

        await File.WriteAllTextAsync(path, text.ToString());
    }

    /// <exception cref="InputException">Not such a file.</exception>
    public static PairLinearModel Read(string path)
    {
        var lines = File.ReadAllLines(path);
        if (lines.Length < 2 || !string.Equals(lines[0], Header, StringComparison.Ordinal))
            throw new InputException($"{path} is not a term file of a feature judge. Train the judge again.");

        var terms = lines.Length - 2;
        var names = new string[terms];
        var frequencies = new float[terms];
        var weights = new double[(3 * terms) + 1];
        for (var i = 0; i < terms; i++)
        {
            var fields = Fields(path, lines, i + 2);
            names[i] = fields[0];
            frequencies[i] = (float)Number(path, i + 3, fields[1]);
            weights[i] = Number(path, i + 3, fields[2]);
            weights[terms + i] = Number(path, i + 3, fields[3]);
            weights[(2 * terms) + i] = Number(path, i + 3, fields[4]);
        }

        weights[^1] = Number(path, 2, Fields(path, lines, 1)[4]);
        return new PairLinearModel(new TermVocabulary(names, frequencies), weights);
    }

    private static string[] Fields(string path, string[] lines, int index) => lines[index].Split('\t') is { Length: 5 } fields
        ? fields
        : throw new InputException($"{path}, line {index + 1} does not have five fields. Train the judge again.");

    private static double Number(string path, int line, string field) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new InputException($"{path}, line {line}: \"{field}\" is not a number. Train the judge again.");
}
