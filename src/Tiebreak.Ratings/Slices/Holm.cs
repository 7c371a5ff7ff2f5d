namespace Tiebreak.Ratings.Slices;

/// <summary>Probabilities of error corrected for testing many things at once (Holm 1979).</summary>
internal static class Holm
{
    /// <summary>The corrected probabilities, in the same order.</summary>
    public static double[] Adjust(double[] p)
    {
        var (adjusted, largest) = (new double[p.Length], 0.0);
        foreach (var (i, place) in Enumerable.Range(0, p.Length).OrderBy(i => p[i]).Select((i, place) => (i, place)))
        {
            largest = Math.Max(largest, Math.Min(1, (p.Length - place) * p[i]));
            adjusted[i] = largest;
        }

        return adjusted;
    }
}
