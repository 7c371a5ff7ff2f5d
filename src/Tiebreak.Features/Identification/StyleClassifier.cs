using System.Globalization;
using System.Text;
using MathNet.Numerics.LinearAlgebra;
using Tiebreak.Core;

namespace Tiebreak.Features.Identification;

/// <summary>
/// Tells writers by what is counted in their responses: linear discriminant analysis (Fisher 1936) with a covariance shrunk towards
/// independent features, and means of models with few responses shrunk towards the mean of all.
/// </summary>
internal sealed class StyleClassifier
{
    private const double CovarianceShrinkage = 0.1;

    /// <summary>The mean of a model starts with so many average responses.</summary>
    private const double PriorResponses = 3;

    private const float Extreme = 4;

    private readonly float[] _means;
    private readonly float[] _scales;
    private readonly float[] _weights; // [models, features]
    private readonly float[] _offsets;
    private readonly float[] _typical; // [models, features]

    private StyleClassifier(float[] means, float[] scales, float[] weights, float[] offsets, float[] typical) =>
        (_means, _scales, _weights, _offsets, _typical) = (means, scales, weights, offsets, typical);

    private int Features => _means.Length;

    /// <summary>Fits to responses.</summary>
    /// <param name="styles">Of each response, what <see cref="WritingStyle"/> counts.</param>
    /// <param name="labels">Who wrote it.</param>
    /// <param name="models">How many writers there are.</param>
    /// <param name="rows">The responses to learn from.</param>
    public static StyleClassifier Fit(float[][] styles, int[] labels, int models, int[] rows)
    {
        var features = styles[0].Length;
        var (means, scales) = Standardise(styles, rows, features);
        var standard = rows.Select(row => Scale(styles[row], means, scales)).ToArray();
        var (typical, counts) = (new double[models, features], new double[models]);
        for (var i = 0; i < rows.Length; i++)
        {
            counts[labels[rows[i]]]++;
            for (var k = 0; k < features; k++)
                typical[labels[rows[i]], k] += standard[i][k];
        }

        for (var m = 0; m < models; m++)
        {
            for (var k = 0; k < features; k++)
                typical[m, k] /= counts[m] + PriorResponses;
        }

        var within = Matrix<double>.Build.Dense(features, features);
        for (var i = 0; i < rows.Length; i++)
        {
            var deviation = Vector<double>.Build.Dense(features, k => standard[i][k] - typical[labels[rows[i]], k]);
            within += deviation.OuterProduct(deviation) / rows.Length;
        }

        var covariance = (within * (1 - CovarianceShrinkage)) + (Matrix<double>.Build.DenseIdentity(features) * CovarianceShrinkage);
        var centres = Matrix<double>.Build.DenseOfArray(typical);
        var weights = covariance.Cholesky().Solve(centres.Transpose()).Transpose();
        return new StyleClassifier(
            means, scales, [.. weights.EnumerateRows().SelectMany(row => row.Select(value => (float)value))],
            [.. Enumerable.Range(0, models).Select(m => (float)(-centres.Row(m).DotProduct(weights.Row(m)) / 2))],
            [.. centres.EnumerateRows().SelectMany(row => row.Select(value => (float)value))]);
    }

    /// <summary>The score of each model, in nats.</summary>
    public float[] Scores(float[] style)
    {
        var standard = Scale(style, _means, _scales);
        var scores = new float[_offsets.Length];
        for (var m = 0; m < scores.Length; m++)
        {
            scores[m] = _offsets[m];
            for (var k = 0; k < standard.Length; k++)
                scores[m] += _weights[(m * Features) + k] * standard[k];
        }

        return scores;
    }

    /// <summary>How a model's responses differ from the average one, in standard deviations.</summary>
    public float Typical(int model, int feature) => _typical[(model * Features) + feature];

    /// <summary>What each feature of a response says for a model, in nats.</summary>
    public float[] Evidence(float[] style, int model)
    {
        var standard = Scale(style, _means, _scales);
        for (var k = 0; k < standard.Length; k++)
            standard[k] = _weights[(model * Features) + k] * (standard[k] - (_typical[(model * Features) + k] / 2));
        return standard;
    }

    public async Task WriteAsync(string path)
    {
        var text = new StringBuilder("feature\tmean\tscale\n");
        for (var k = 0; k < Features; k++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{WritingStyle.Names[k]}\t{_means[k]:R}\t{_scales[k]:R}");
            for (var m = 0; m < _offsets.Length; m++)
                text.Append(CultureInfo.InvariantCulture, $"\t{_weights[(m * Features) + k]:R}\t{_typical[(m * Features) + k]:R}");
            text.Append('\n');
        }

        text
            .Append("offsets\t")
            .AppendJoin('\t', _offsets.Select(offset => offset.ToString("R", CultureInfo.InvariantCulture)))
            .Append('\n');
        await File.WriteAllTextAsync(path, text.ToString()).ConfigureAwait(false);
    }

    /// <exception cref="InputException">Not such a file.</exception>
    public static StyleClassifier Read(string path, int models)
    {
        var lines = File.ReadAllLines(path);
        var features = WritingStyle.Names.Count;
        if (lines.Length != features + 2)
        {
            throw new InputException(
                $"{path} has {lines.Length} lines instead of {features + 2}: it counts other things than this program. "
                + "Train the identifier again.");
        }

        var (means, scales) = (new float[features], new float[features]);
        var (weights, typical) = (new float[models * features], new float[models * features]);
        for (var k = 0; k < features; k++)
        {
            var numbers = Numbers(path, k + 2, lines[k + 1], WritingStyle.Names[k], 2 + (2 * models));
            (means[k], scales[k]) = (numbers[0], numbers[1]);
            for (var m = 0; m < models; m++)
                (weights[(m * features) + k], typical[(m * features) + k]) = (numbers[2 + (2 * m)], numbers[3 + (2 * m)]);
        }

        return new StyleClassifier(means, scales, weights, Numbers(path, features + 2, lines[^1], "offsets", models), typical);
    }

    private static float[] Numbers(string path, int line, string text, string name, int expected)
    {
        var fields = text.Split('\t');
        var numbers = new float[expected];
        var isGood = fields.Length == expected + 1 && string.Equals(fields[0], name, StringComparison.Ordinal);
        for (var i = 0; i < expected && isGood; i++)
        {
            isGood = float.TryParse(fields[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])
                && float.IsFinite(numbers[i]);
        }

        return isGood
            ? numbers
            : throw new InputException($"{path}, line {line} is not \"{name}\" with {expected} numbers. Train the identifier again.");
    }

    private static (float[] Means, float[] Scales) Standardise(float[][] styles, int[] rows, int features)
    {
        var (means, scales) = (new float[features], new float[features]);
        for (var k = 0; k < features; k++)
        {
            var mean = rows.Average(row => (double)styles[row][k]);
            var deviation = Math.Sqrt(rows.Average(row => (styles[row][k] - mean) * (styles[row][k] - mean)));
            (means[k], scales[k]) = ((float)mean, deviation < 1e-9 ? 0 : (float)(1 / deviation));
        }

        return (means, scales);
    }

    private static float[] Scale(float[] style, float[] means, float[] scales)
    {
        var standard = new float[style.Length];
        for (var k = 0; k < standard.Length; k++)
            standard[k] = Math.Clamp((style[k] - means[k]) * scales[k], -Extreme, Extreme);
        return standard;
    }
}
