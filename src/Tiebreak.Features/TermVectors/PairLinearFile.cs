using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Files;

namespace Tiebreak.Features.TermVectors;

/// <summary>
/// A linear model as tab-separated text that a person can read and sort: a header, the intercept in the line of the empty term, and one
/// line per term: its name, its scale (what its values are multiplied by: for words the inverse document frequency), strength, tie by
/// response, tie by prompt. Numbers round-trip exactly.
/// </summary>
/// <param name="Terms">The names of the terms.</param>
/// <param name="Scales">What the values of each are multiplied by.</param>
/// <param name="Model">The weights.</param>
internal sealed record PairLinearFile(IReadOnlyList<string> Terms, IReadOnlyList<float> Scales, PairLinearModel Model)
{
    private const string Header = "term\tscale\tstrength\ttie_by_response\ttie_by_prompt";

    public Task WriteAsync(string path) => LineFile.WriteAsync(
        path,
        Terms
            .Select((term, i) => string.Create(
                CultureInfo.InvariantCulture,
                $"{term}\t{Scales[i]:R}\t{Model.Strength[i]:R}\t{Model.TieByResponse[i]:R}\t{Model.TieByPrompt[i]:R}"))
            .Prepend(string.Create(CultureInfo.InvariantCulture, $"\t0\t0\t0\t{Model.TieIntercept:R}"))
            .Prepend(Header));

    /// <exception cref="InputException">Not such a file.</exception>
    public static PairLinearFile Read(string path)
    {
        var lines = File.ReadAllLines(path);
        if (lines.Length < 2 || !string.Equals(lines[0], Header, StringComparison.Ordinal))
            throw new InputException($"{path} is not a file of linear weights. Train the judge again.");

        var terms = lines.Length - 2;
        var names = new string[terms];
        var scales = new float[terms];
        var weights = new double[(3 * terms) + 1];
        for (var i = 0; i < terms; i++)
        {
            var fields = Fields(path, lines, i + 2);
            names[i] = fields[0];
            scales[i] = (float)Number(path, i + 3, fields[1]);
            weights[i] = Number(path, i + 3, fields[2]);
            weights[terms + i] = Number(path, i + 3, fields[3]);
            weights[(2 * terms) + i] = Number(path, i + 3, fields[4]);
        }

        weights[^1] = Number(path, 2, Fields(path, lines, 1)[4]);
        return new PairLinearFile(names, scales, new PairLinearModel(terms, weights));
    }

    private static string[] Fields(string path, string[] lines, int index) => lines[index].Split('\t') is { Length: 5 } fields
        ? fields
        : throw new InputException($"{path}, line {index + 1} does not have five fields. Train the judge again.");

    private static double Number(string path, int line, string field) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new InputException($"{path}, line {line}: \"{field}\" is not a number. Train the judge again.");
}
