using System.Globalization;
using System.Text;
using Tiebreak.Core;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Routing;

/// <summary>
/// <see cref="PromptRatings"/> as tab-separated text: lines with the models, their strengths on an average prompt and τ ("none" without
/// ties); then one line per count of a prompt (name, mean, scale, weight for ties, weight for each model), with an embedder as many for the
/// numbers of its vectors as the first line says behind the number of counts, and one per term (term, inverse frequency, weight for ties,
/// weight for each model).
/// </summary>
internal static class PromptRatingsFile
{
    public const string Name = "prompt_ratings.tsv";

    private const int HeaderLines = 4;
    private const string NoTies = "none";

    public static async Task WriteAsync(string path, PromptRatings ratings)
    {
        if (ratings.Models.FirstOrDefault(model => model.AsSpan().ContainsAny("\t\r\n")) is { } broken)
            throw new InputException($"The model name \"{broken}\" holds a tab or line break and cannot be saved. Rename it in the data.");

        var scaled = ratings.Features?.Means.Length ?? 0;
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"counts\t{scaled - ratings.VectorSize}")
            .Append(ratings.VectorSize == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\t{ratings.VectorSize}")).Append('\n')
            .Append(CultureInfo.InvariantCulture, $"models\t{string.Join('\t', ratings.Models)}\n")
            .Append("strengths\t").AppendJoin(
                '\t', ratings.Strengths.Select(strength => strength.ToString("R", CultureInfo.InvariantCulture)))
            .Append("\ntie\t").Append(ratings.Tie?.ToString("R", CultureInfo.InvariantCulture) ?? NoTies).Append('\n');
        for (var k = 0; ratings.Features is { } features && k < features.Count; k++)
        {
            text.Append(k < scaled
                ? string.Create(
                    CultureInfo.InvariantCulture, $"{PromptFeatures.ScaledName(k)}\t{features.Means[k]:R}\t{features.Scales[k]:R}")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{features.Vocabulary.Terms[k - scaled]}\t{features.Vocabulary.InverseFrequencies[k - scaled]:R}"));
            text.Append(CultureInfo.InvariantCulture, $"\t{ratings.TieWeights[k]:R}");
            foreach (var weight in ratings.Weights.Slice(k * ratings.Models.Count, ratings.Models.Count))
                text.Append(CultureInfo.InvariantCulture, $"\t{weight:R}");
            text.Append('\n');
        }

        await File.WriteAllTextAsync(path, text.ToString()).ConfigureAwait(false);
    }

    /// <exception cref="InputException">Not such a file, or of another version's features.</exception>
    public static PromptRatings Read(string path)
    {
        var lines = File.ReadAllLines(path);
        string[][] head = [.. lines.Take(HeaderLines).Select(line => line.Split('\t'))];
        if (head.Length < HeaderLines || head[0] is not ["counts", var written, .. { Length: <= 1 } vector]
            || head[1] is not ["models", _, _, ..] || head[2][0] is not "strengths" || head[3] is not ["tie", var tie])
        {
            throw Broken(path, 1, "is not the beginning of a file of ratings by prompt");
        }

        var models = head[1][1..];
        var strengths = Numbers(path, 3, head[2][1..], models.Length);
        double? tieScore = tie is NoTies ? null : Numbers(path, 4, [tie], 1)[0];
        var rows = lines.Length - HeaderLines;
        if (rows == 0)
            return new PromptRatings(models, strengths, tieScore, features: null, [], []);
        if (!string.Equals(written, PromptCount.All.Count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            || rows < PromptCount.All.Count)
        {
            throw Broken(path, 1, $"counts other things in prompts than this program, which counts {PromptCount.All.Count}");
        }

        var vectorSize = 0;
        if (vector is [var size] && !(int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out vectorSize)
            && vectorSize <= rows - PromptCount.All.Count))
        {
            throw Broken(path, 1, $"says that vectors have {size} numbers, for which lines are missing");
        }

        return ReadWeights(path, lines, PromptCount.All.Count + vectorSize, models, strengths, tieScore);
    }

    private static PromptRatings ReadWeights(string path, string[] lines, int scaled, string[] models, double[] strengths, double? tie)
    {
        var rows = lines.Length - HeaderLines;
        var (means, scales) = (new float[scaled], new float[scaled]);
        var (terms, frequencies) = (new string[rows - scaled], new float[rows - scaled]);
        var (weights, tieWeights) = (new float[rows * models.Length], new float[rows]);
        for (var k = 0; k < rows; k++)
        {
            var fields = lines[HeaderLines + k].Split('\t');
            var own = k < scaled ? 2 : 1;
            var numbers = Numbers(path, HeaderLines + k + 1, fields[1..], own + 1 + models.Length);
            if (k >= scaled)
            {
                (terms[k - scaled], frequencies[k - scaled]) = (fields[0], (float)numbers[0]);
            }
            else if (string.Equals(fields[0], PromptFeatures.ScaledName(k), StringComparison.Ordinal))
            {
                (means[k], scales[k]) = ((float)numbers[0], (float)numbers[1]);
            }
            else
            {
                throw Broken(
                    path, HeaderLines + k + 1, $"counts \"{fields[0]}\", but this program counts \"{PromptFeatures.ScaledName(k)}\" there");
            }

            tieWeights[k] = (float)numbers[own];
            for (var m = 0; m < models.Length; m++)
                weights[(k * models.Length) + m] = (float)numbers[own + 1 + m];
        }

        if (terms.Distinct(StringComparer.Ordinal).Count() < terms.Length)
            throw Broken(path, HeaderLines + scaled + 1, "begins a list in which a term stands twice");
        var features = PromptFeatures.Of(new TermVocabulary(TermKind.Words, terms, frequencies), means, scales);
        return new PromptRatings(models, strengths, tie, features, weights, tieWeights);
    }

    private static double[] Numbers(string path, int line, string[] fields, int expected)
    {
        if (fields.Length != expected)
            throw Broken(path, line, $"has {fields.Length} numbers instead of {expected}");
        var numbers = new double[expected];
        for (var i = 0; i < expected; i++)
        {
            if (!double.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])
                || !double.IsFinite(numbers[i]))
            {
                throw Broken(path, line, $"holds \"{fields[i]}\", which is no number");
            }
        }

        return numbers;
    }

    private static InputException Broken(string path, int line, string what) => new($"{path}, line {line} {what}. Train the policy again.");
}
