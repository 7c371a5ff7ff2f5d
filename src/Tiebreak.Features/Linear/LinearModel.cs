using System.Globalization;
using System.Text;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Features.Counted;

namespace Tiebreak.Features.Linear;

/// <summary>The linear model of a judge: from counted features to preferences. Safe to call from many threads.</summary>
/// <param name="inputs">What it sees of the features.</param>
/// <param name="weights">Its weights.</param>
internal sealed class LinearModel(LinearInputs inputs, LinearWeights weights)
{
    /// <summary>The file of the model that says who is preferred: tab-separated text that can be read and sorted.</summary>
    public const string FileName = "linear.tsv";

    private const string Header = "input\tmean\tscale\tweight";
    private const string Intercept = "(tie)";

    /// <summary>The preference for a row of counted features.</summary>
    public Preference Predict(ReadOnlySpan<float> counted)
    {
        Span<float> row = stackalloc float[inputs.Count];
        inputs.Fill(counted, row);
        return weights.Predict(row);
    }

    /// <summary>
    /// What each column adds to the log odds of A against B and of a tie, against a battle of average features without a side ahead.
    /// </summary>
    public (double TowardsA, double TowardsTie)[] Contributions(ReadOnlySpan<float> counted)
    {
        Span<float> row = stackalloc float[inputs.Count];
        inputs.Fill(counted, row);
        var result = new (double TowardsA, double TowardsTie)[counted.Length];
        for (var k = 0; k < inputs.Count; k++)
        {
            ref var column = ref result[inputs.Sources[k]];
            if (k < inputs.Differences)
                column.TowardsA += 2 * weights.Values[k] * row[k];
            else
                column.TowardsTie += weights.Values[k] * row[k];
        }

        return result;
    }

    /// <summary>The same model with a linear change of the score of a tie.</summary>
    /// <param name="factor">What the score is multiplied by.</param>
    /// <param name="offset">What is then added.</param>
    public LinearModel WithTieScaled(double factor, double offset) => new(inputs, weights.WithTieScaled(factor, offset));

    /// <summary>Writes the model into a bundle.</summary>
    public Task SaveAsync(string folder, string fileName = FileName)
    {
        var text = new StringBuilder(Header).Append('\n')
            .Append(CultureInfo.InvariantCulture, $"{Intercept}\t0\t0\t{weights.Values[^1]:R}\n");
        for (var k = 0; k < inputs.Count; k++)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"{inputs.Names[k]}\t{inputs.Means[k]:R}\t{inputs.Scales[k]:R}\t{weights.Values[k]:R}\n");
        }

        return File.WriteAllTextAsync(Path.Combine(folder, fileName), text.ToString());
    }

    /// <summary>Reads what <see cref="SaveAsync"/> wrote.</summary>
    /// <exception cref="InputException">Not such a file, or one over other features.</exception>
    public static LinearModel Read(string folder, FeatureSchema counted, string fileName = FileName)
    {
        var path = Path.Combine(folder, fileName);
        string[][] lines = [.. File.ReadLines(path).Select(line => line.Split('\t'))];
        var numbers = lines.Skip(1).Select((line, k) => Numbers(path, k + 2, line)).ToList();
        if (lines.Length == 0 || !string.Equals(string.Join('\t', lines[0]), Header, StringComparison.Ordinal) || numbers.Count == 0)
            throw new InputException($"{path} is not a file of linear weights. Train the judge again.");

        var inputs = LinearInputs.Restore(
            counted, [.. numbers.Skip(1).Select(line => line[0])], [.. numbers.Skip(1).Select(line => line[1])]);
        if (!inputs.Names.Prepend(Intercept).SequenceEqual(lines.Skip(1).Select(line => line[0]), StringComparer.Ordinal))
        {
            throw new InputException(
                $"{path} was trained on other features than this program computes. Use the matching Tiebreak, or train the judge again.");
        }

        return new LinearModel(
            inputs, new LinearWeights([.. numbers.Skip(1).Append(numbers[0]).Select(line => line[2])], inputs.Differences));
    }

    private static float[] Numbers(string path, int line, string[] fields)
    {
        var numbers = new float[3];
        for (var k = 0; k < numbers.Length; k++)
        {
            if (fields.Length != 4 || !float.TryParse(fields[k + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[k])
                || !float.IsFinite(numbers[k]))
            {
                throw new InputException($"{path}, line {line} is not a name with three numbers. Train the judge again.");
            }
        }

        return numbers;
    }
}
