using System.Globalization;
using System.Text;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Identification;

/// <summary>
/// An identifier as tab-separated text: the sharpness, then a line with the models, one with ln of their shares, and one line per term: its
/// name, its inverse frequency and the weight for each model.
/// </summary>
internal static class IdentifierFile
{
    private const string Header = "sharpness\t";

    public static Task WriteAsync(string path, ModelIdentifier identifier)
    {
        if (identifier.Models.FirstOrDefault(model => model.AsSpan().ContainsAny("\t\r\n")) is { } broken)
            throw new InputException($"The model name \"{broken}\" holds a tab or line break and cannot be saved. Rename it in the data.");
        return LineFile.WriteAsync(path, LinesOf(identifier));
    }

    private static IEnumerable<string> LinesOf(ModelIdentifier identifier)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{Header}{identifier.Sharpness:R}");
        yield return $"models\t{string.Join('\t', identifier.Models)}";
        yield return $"shares\t{string.Join('\t', identifier.Priors.Select(share => share.ToString("R", CultureInfo.InvariantCulture)))}";
        var (models, line) = (identifier.Models.Count, new StringBuilder());
        for (var term = 0; term < identifier.Vocabulary.Terms.Count; term++)
        {
            line.Clear().Append(
                CultureInfo.InvariantCulture, $"{identifier.Vocabulary.Terms[term]}\t{identifier.Vocabulary.InverseFrequencies[term]:R}");
            for (var m = 0; m < models; m++)
                line.Append(CultureInfo.InvariantCulture, $"\t{identifier.Weights[(term * models) + m]:R}");
            yield return line.ToString();
        }
    }

    /// <exception cref="InputException">Not such a file.</exception>
    public static ModelIdentifier Read(string path, TermKind kind = TermKind.Words)
    {
        var lines = File.ReadAllLines(path);
        if (lines.Length < 3 || !lines[0].StartsWith(Header, StringComparison.Ordinal))
            throw new InputException($"{path} is not a file of a model identifier. Train the judge again.");

        var sharpness = Number(path, 1, lines[0][Header.Length..]);
        var models = lines[1].Split('\t')[1..];
        var shares = Numbers(path, 3, lines[2].Split('\t')[1..], models.Length);
        var (terms, frequencies) = (new string[lines.Length - 3], new float[lines.Length - 3]);
        var weights = new float[terms.Length * models.Length];
        for (var term = 0; term < terms.Length; term++)
        {
            var fields = lines[term + 3].Split('\t');
            var numbers = Numbers(path, term + 4, fields[1..], models.Length + 1);
            (terms[term], frequencies[term]) = (fields[0], (float)numbers[0]);
            for (var m = 0; m < models.Length; m++)
                weights[(term * models.Length) + m] = (float)numbers[m + 1];
        }

        return new ModelIdentifier(new TermVocabulary(kind, terms, frequencies), models, weights, shares, sharpness);
    }

    private static double[] Numbers(string path, int line, string[] fields, int expected) => fields.Length == expected
        ? [.. fields.Select(field => Number(path, line, field))]
        : throw new InputException($"{path}, line {line} has {fields.Length} numbers instead of {expected}. Train the judge again.");

    private static double Number(string path, int line, string field) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new InputException($"{path}, line {line}: \"{field}\" is not a number. Train the judge again.");
}
