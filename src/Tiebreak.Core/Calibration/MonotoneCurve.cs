namespace Tiebreak.Core.Calibration;

/// <summary>
/// A curve that never falls, by isotonic regression (pool adjacent violators; Zadrozny and Elkan 2002), straight between its points.
/// </summary>
/// <param name="From">Probabilities as the judge says them, ascending.</param>
/// <param name="To">What each becomes, not descending.</param>
internal sealed record MonotoneCurve(IReadOnlyList<double> From, IReadOnlyList<double> To)
{
    /// <summary>False for numbers that no fit gives.</summary>
    internal bool IsValid => From.Count == To.Count && From.Count > 0 && From.Concat(To).All(value => value is >= 0 and <= 1);

    /// <summary>Fits the curve.</summary>
    /// <param name="rows">Of each row: what the judge said, how much of the row came true, and how much the row counts.</param>
    /// <param name="prior">
    /// The share that each level part of the curve is drawn towards by one row: a part of few rows that all ended the same must not become
    /// certainty.
    /// </param>
    internal static MonotoneCurve Fit(IEnumerable<(double Said, double True, double Weight)> rows, double prior)
    {
        var parts = new List<(double Said, double True, double Weight)>();
        (double Said, double True, double Weight)[] sorted = [.. rows.Where(row => row.Weight > 0).OrderBy(row => row.Said)];
        for (var (start, end) = (0, 0); start < sorted.Length; start = end)
        {
            var (cameTrue, weight) = (0.0, 0.0); // of all rows of which the judge said the same
            for (; end < sorted.Length && sorted[end].Said == sorted[start].Said; end++)
                (cameTrue, weight) = (cameTrue + (sorted[end].True * sorted[end].Weight), weight + sorted[end].Weight);
            parts.Add((sorted[start].Said * weight, cameTrue, weight));
            while (parts.Count > 1 && parts[^2].True / parts[^2].Weight >= parts[^1].True / parts[^1].Weight)
            {
                parts[^2] = (parts[^2].Said + parts[^1].Said, parts[^2].True + parts[^1].True, parts[^2].Weight + parts[^1].Weight);
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return parts.Count == 0
            ? new MonotoneCurve([0, 1], [0, 1])
            : new MonotoneCurve(
                [.. parts.Select(part => part.Said / part.Weight)],
                Ascending([.. parts.Select(part => (part.True + prior) / (part.Weight + 1))]));
    }

    /// <summary>The value of the curve; level beyond its ends.</summary>
    public double At(double said)
    {
        var (next, end) = (0, From.Count); // the first point that is not below, by halving
        while (next < end)
        {
            var middle = (next + end) / 2;
            (next, end) = From[middle] < said ? (middle + 1, end) : (next, middle);
        }

        if (next == 0 || next == From.Count)
            return To[next == 0 ? 0 : From.Count - 1];
        var share = (said - From[next - 1]) / (From[next] - From[next - 1]);
        return To[next - 1] + (share * (To[next] - To[next - 1]));
    }

    // Drawing parts of different weight towards one share can turn neighbours round by a little.
    private static double[] Ascending(double[] values)
    {
        for (var i = 1; i < values.Length; i++)
            values[i] = Math.Max(values[i], values[i - 1]);
        return values;
    }
}
