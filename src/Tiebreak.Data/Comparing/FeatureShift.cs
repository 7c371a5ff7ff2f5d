namespace Tiebreak.Data.Comparing;

/// <summary>A feature in both files.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="First">Its mean in the first file: for a share, the share; for a length, the geometric mean.</param>
/// <param name="Second">The same in the second file.</param>
/// <param name="StandardErrors">How far beyond chance the difference is; above 0 the second file has more.</param>
internal sealed record FeatureShift(ComparedFeature Feature, double First, double Second, double StandardErrors)
{
    /// <summary>All features, those that differ most surely first.</summary>
    public static IReadOnlyList<FeatureShift> Of(FeatureTable table, bool[] isSecond)
    {
        var count = table.Features.Count;
        var (sums, squares, rows) = (new double[2, count], new double[2, count], new int[2]);
        for (var row = 0; row < isSecond.Length; row++)
        {
            var side = isSecond[row] ? 1 : 0;
            rows[side]++;
            foreach (var (feature, value) in table.Rows[row])
            {
                sums[side, feature] += value;
                squares[side, feature] += value * value;
            }
        }

        return [.. table.Features.Select(Shift).OrderByDescending(shift => Math.Abs(shift.StandardErrors))];

        FeatureShift Shift(ComparedFeature feature, int i)
        {
            var (first, second) = (sums[0, i] / rows[0], sums[1, i] / rows[1]);
            var variance = (((squares[0, i] / rows[0]) - (first * first)) / rows[0])
                + (((squares[1, i] / rows[1]) - (second * second)) / rows[1]);
            var errors = variance > 0 ? (second - first) / Math.Sqrt(variance) : 0;
            return new FeatureShift(feature, feature.Shown(first), feature.Shown(second), errors);
        }
    }
}
