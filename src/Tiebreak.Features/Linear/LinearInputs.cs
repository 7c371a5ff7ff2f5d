using Tiebreak.Features.Counted;
using Tiebreak.Features.LightGbm;

namespace Tiebreak.Features.Linear;

/// <summary>
/// What a linear model sees of a row of features. First the differences of the sides, divided by their root mean square, which say who is
/// ahead; then their absolute values and the numbers about the battle, centred and divided by their standard deviation, which say whether
/// it is a tie. A swap of A and B changes the signs of the first part and nothing else. Values beyond five deviations count as five.
/// </summary>
internal sealed class LinearInputs
{
    private const float Most = 5;

    private readonly int[] _differences;
    private readonly int[] _others;
    private readonly float[] _means;
    private readonly float[] _scales;

    private LinearInputs(FeatureSchema schema, float[]? means, float[]? scales)
    {
        var antisymmetric = schema.Columns.Index().ToLookup(column => column.Item.IsAntisymmetric, column => column.Index);
        (_differences, _others) = ([.. antisymmetric[true]], [.. antisymmetric[false]]);
        Sources = [.. _differences, .. _differences, .. _others];
        Names =
        [
            .. _differences.Select(k => schema.Names[k]),
            .. _differences.Select(k => $"abs_{schema.Names[k]}"),
            .. _others.Select(k => schema.Names[k]),
        ];
        _means = means ?? new float[Sources.Count];
        _scales = scales ?? [.. Enumerable.Repeat(1f, Sources.Count)];
    }

    /// <summary>The names of the inputs.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The column that each input is made from.</summary>
    public IReadOnlyList<int> Sources { get; }

    /// <summary>What is taken off each input.</summary>
    public IReadOnlyList<float> Means => _means;

    /// <summary>What each is then multiplied by; 0 for what never varies.</summary>
    public IReadOnlyList<float> Scales => _scales;

    /// <summary>Inputs that say who is ahead; the others say whether it is a tie.</summary>
    public int Differences => _differences.Length;

    /// <summary>Inputs in all.</summary>
    public int Count => Sources.Count;

    /// <summary>Measures means and scales.</summary>
    /// <param name="schema">The columns.</param>
    /// <param name="features">Rows to measure them on, at least one.</param>
    public static LinearInputs Fit(FeatureSchema schema, FeatureMatrix features)
    {
        var raw = new LinearInputs(schema, means: null, scales: null);
        var (sums, squares, row) = (new double[raw.Count], new double[raw.Count], new float[raw.Count]);
        for (var i = 0; i < features.Rows; i++)
        {
            raw.Gather(features[i], row);
            for (var k = 0; k < row.Length; k++)
            {
                sums[k] += row[k];
                squares[k] += (double)row[k] * row[k];
            }
        }

        var (means, scales) = (new float[raw.Count], new float[raw.Count]);
        for (var k = 0; k < means.Length; k++)
        {
            var mean = k < raw.Differences ? 0 : sums[k] / features.Rows;
            var variance = (squares[k] / features.Rows) - (mean * mean);
            (means[k], scales[k]) = ((float)mean, variance > 1e-9 ? (float)(1 / Math.Sqrt(variance)) : 0);
        }

        return new LinearInputs(schema, means, scales);
    }

    /// <summary>With means and scales that were measured before.</summary>
    public static LinearInputs Restore(FeatureSchema schema, float[] means, float[] scales) => new(schema, means, scales);

    /// <summary>The inputs of a row of features.</summary>
    /// <param name="features">The row.</param>
    /// <param name="target">Receives <see cref="Count"/> numbers.</param>
    public void Fill(ReadOnlySpan<float> features, Span<float> target)
    {
        Gather(features, target);
        for (var k = 0; k < target.Length; k++)
            target[k] = Math.Clamp((target[k] - _means[k]) * _scales[k], -Most, Most);
    }

    private void Gather(ReadOnlySpan<float> features, Span<float> target)
    {
        for (var k = 0; k < _differences.Length; k++)
        {
            target[k] = features[_differences[k]];
            target[_differences.Length + k] = Math.Abs(target[k]);
        }

        for (var k = 0; k < _others.Length; k++)
            target[(2 * _differences.Length) + k] = features[_others[k]];
    }
}
