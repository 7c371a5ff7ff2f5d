namespace Tiebreak.Transformers.Tests.Reference;

/// <summary>The published formulas in float64 and plain loops, to compare tensors with. Nothing here is shared with the program.</summary>
internal static class Formulas
{
    public static double[][] Linear(double[][] input, double[][] weight, double[]? bias = null) =>
        [.. input.Select(row => weight.Select((factors, j) => Dot(row, factors) + (bias?[j] ?? 0)).ToArray())];

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    public static double[][] Add(double[][] a, double[][] b) => [.. a.Zip(b, (x, y) => x.Zip(y, (u, v) => u + v).ToArray())];

    public static double[][] Map(double[][] a, Func<double, double> function) =>
        [.. a.Select(row => Array.ConvertAll(row, value => function(value)))];

    public static double[][] RmsNorm(double[][] input, double[] weight, double epsilon) => [.. input.Select(row =>
    {
        var scale = 1 / Math.Sqrt(row.Average(value => value * value) + epsilon);
        return row.Zip(weight, (value, factor) => value * scale * factor).ToArray();
    })];

    public static double[][] LayerNorm(double[][] input, double[] weight, double[] bias, double epsilon) => [.. input.Select(row =>
    {
        var mean = row.Average();
        var scale = 1 / Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + epsilon);
        return row.Select((value, i) => ((value - mean) * scale * weight[i]) + bias[i]).ToArray();
    })];

    public static double[] Softmax(double[] scores)
    {
        var max = scores.Max();
        var powers = Array.ConvertAll(scores, score => Math.Exp(score - max));
        var sum = powers.Sum();
        return Array.ConvertAll(powers, power => power / sum);
    }

    public static double Silu(double x) => x / (1 + Math.Exp(-x));

    public static double GeluTanh(double x) => x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))) / 2;

    public static double Gelu(double x) => x * (1 + Erf(x / Math.Sqrt(2))) / 2;

    /// <summary>Attention of all heads, each with its own score function.</summary>
    /// <param name="heads">How many heads the queries have.</param>
    /// <param name="queries">[token][head * dim].</param>
    /// <param name="keys">[token][key head * dim].</param>
    /// <param name="values">[token][key head * dim].</param>
    /// <param name="sees">Whether query i sees key j.</param>
    /// <param name="score">Score of head h, query i, key j.</param>
    public static double[][] Attention(
        int heads, double[][] queries, double[][] keys, double[][] values, Func<int, int, bool> sees, Func<int, int, int, double> score)
    {
        var dim = queries[0].Length / heads;
        var groups = heads / (keys[0].Length / dim);
        return [.. queries.Select((_, i) => Enumerable.Range(0, heads).SelectMany(head =>
        {
            var seen = Enumerable.Range(0, keys.Length).Where(j => sees(i, j)).ToArray();
            var shares = Softmax([.. seen.Select(j => score(head, i, j))]);
            return Enumerable.Range(head / groups * dim, dim).Select(column => seen.Select((j, n) => shares[n] * values[j][column]).Sum());
        }).ToArray())];
    }

    /// <summary>One head of one token.</summary>
    public static ReadOnlySpan<double> Head(double[] row, int head, int dim) => row.AsSpan(head * dim, dim);

    // The Taylor series; at 4.5 the next digit of erf is the ninth.
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 4.5)
            return Math.Sign(x);

        var (sum, term) = (x, x);
        for (var n = 1; Math.Abs(term) > 1e-17; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return sum * 2 / Math.Sqrt(Math.PI);
    }
}
