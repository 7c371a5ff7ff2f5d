using Tiebreak.Boosting.Features;
using Tiebreak.Boosting.LightGbm;
using Tiebreak.Boosting.TermVectors;
using Tiebreak.Core.Battles;

namespace Tiebreak.Boosting.LearnedGroups;

/// <summary>
/// The counted features, scaled to standard deviation 1: those of the sides as the vectors of A and B, those of the battle and the absolute
/// differences of the sides as the vector of the prompt.
/// </summary>
internal sealed class CountedVectoriser : IBattleVectoriser
{
    private readonly (int Difference, int Sum)[] _sides;
    private readonly int[] _battle;

    /// <param name="columns">The counted columns.</param>
    /// <param name="scales">One per term, or null where they have yet to be measured.</param>
    public CountedVectoriser(IReadOnlyList<FeatureColumn> columns, IReadOnlyList<float>? scales)
    {
        var sums = columns.Index().Where(column => column.Item.Name.StartsWith("sum_", StringComparison.Ordinal))
            .ToDictionary(column => column.Item.Name[4..], column => column.Index, StringComparer.Ordinal);
        _sides = [.. columns.Index().Where(column => column.Item.IsAntisymmetric).Select(column => (column.Index, sums[column.Item.Name[5..]]))];
        _battle = [.. columns.Index().Where(column => !column.Item.IsAntisymmetric && !column.Item.Name.StartsWith("sum_", StringComparison.Ordinal)).Select(column => column.Index)];
        Terms =
        [
            .. _sides.Select(side => columns[side.Difference].Name[5..]),
            .. _sides.Select(side => "gap_" + columns[side.Difference].Name[5..]),
            .. _battle.Select(index => columns[index].Name),
        ];
        Scales = scales ?? [.. Enumerable.Repeat(1f, Terms.Count)];
    }

    public IReadOnlyList<string> Terms { get; }

    public IReadOnlyList<float> Scales { get; }

    /// <summary>Measures the scales on training battles: 1 / standard deviation, 0 for what never varies.</summary>
    public static CountedVectoriser Fit(IReadOnlyList<FeatureColumn> columns, FeatureMatrix counted)
    {
        var raw = new CountedVectoriser(columns, scales: null);
        var (sums, squares, counts) = (new double[raw.Terms.Count], new double[raw.Terms.Count], new int[raw.Terms.Count]);
        for (var i = 0; i < counted.Rows; i++)
        {
            var vectors = raw.Of(counted[i]);
            foreach (var vector in new[] { vectors.Prompt, vectors.A, vectors.B })
            {
                for (var k = 0; k < vector.Indices.Length; k++)
                {
                    sums[vector.Indices[k]] += vector.Values[k];
                    squares[vector.Indices[k]] += (double)vector.Values[k] * vector.Values[k];
                    counts[vector.Indices[k]]++;
                }
            }
        }

        return new CountedVectoriser(columns, [.. sums.Select((sum, k) =>
        {
            var mean = sum / counts[k];
            var variance = (squares[k] / counts[k]) - (mean * mean);
            return variance > 1e-9 ? (float)(1 / Math.Sqrt(variance)) : 0f;
        })]);
    }

    public BattleVectors Of(Battle battle, ReadOnlySpan<float> counted) => Of(counted);

    public BattleVectors Of(ReadOnlySpan<float> counted)
    {
        var (a, b) = (new float[_sides.Length], new float[_sides.Length]);
        var prompt = new float[_sides.Length + _battle.Length];
        for (var k = 0; k < _sides.Length; k++)
        {
            var (difference, sum) = (counted[_sides[k].Difference], counted[_sides[k].Sum]);
            a[k] = Scales[k] * (sum + difference) / 2;
            b[k] = Scales[k] * (sum - difference) / 2;
            prompt[k] = Scales[_sides.Length + k] * Math.Abs(difference);
        }

        for (var k = 0; k < _battle.Length; k++)
            prompt[_sides.Length + k] = Scales[(2 * _sides.Length) + k] * counted[_battle[k]];

        int[] sides = [.. Enumerable.Range(0, _sides.Length)];
        return new BattleVectors(
            new TermVector([.. Enumerable.Range(_sides.Length, prompt.Length)], prompt), new TermVector(sides, a), new TermVector(sides, b));
    }
}
