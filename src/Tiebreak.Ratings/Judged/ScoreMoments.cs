using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Uncertainty;

namespace Tiebreak.Ratings.Judged;

/// <summary>
/// Sums of products of two scores of battles, summed within clusters first. The score vector of a battle has a value at its first model and
/// minus that value at its second, so that one number says it.
/// </summary>
internal sealed class ScoreMoments
{
    private ScoreMoments(int models, int clusters) =>
        (One, Both, Other, Factor) =
            (new SquareMatrix(models), new SquareMatrix(models), new SquareMatrix(models), (double)clusters / Math.Max(1, clusters - 1));

    /// <summary>Products of the first score with itself.</summary>
    public SquareMatrix One { get; }

    /// <summary>Products of the first score (rows) with the second (columns).</summary>
    public SquareMatrix Both { get; }

    /// <summary>Products of the second score with itself.</summary>
    public SquareMatrix Other { get; }

    /// <summary>Corrects for the number of clusters: C / (C - 1).</summary>
    public double Factor { get; }

    /// <param name="battles">Says which models met.</param>
    /// <param name="one">The first score of every battle, for side A.</param>
    /// <param name="other">The second score.</param>
    /// <param name="clusters">The cluster of every battle, or null if they are independent.</param>
    public static ScoreMoments Of(JudgedBattles battles, double[] one, double[] other, int[]? clusters)
    {
        var models = battles.Models.Count;
        var rows = ClusterRows.Of(clusters ?? [.. Enumerable.Range(0, battles.Count)]);
        var moments = new ScoreMoments(models, rows.Count);
        var (sumOfOne, sumOfOther, touched) = (new double[models], new double[models], new SortedSet<int>());
        for (var cluster = 0; cluster < rows.Count; cluster++)
        {
            foreach (var row in rows[cluster])
            {
                var (a, b) = (battles.ModelA[row], battles.ModelB[row]);
                touched.Add(a);
                touched.Add(b);
                sumOfOne[a] += one[row];
                sumOfOne[b] -= one[row];
                sumOfOther[a] += other[row];
                sumOfOther[b] -= other[row];
            }

            foreach (var i in touched)
            {
                foreach (var j in touched)
                {
                    moments.One[i, j] += sumOfOne[i] * sumOfOne[j];
                    moments.Both[i, j] += sumOfOne[i] * sumOfOther[j];
                    moments.Other[i, j] += sumOfOther[i] * sumOfOther[j];
                }
            }

            foreach (var i in touched)
                sumOfOne[i] = sumOfOther[i] = 0;
            touched.Clear();
        }

        return moments;
    }

    /// <summary>The products of first score + factor · second score with itself, corrected for the number of clusters.</summary>
    public SquareMatrix Combined(double factor)
    {
        var combined = new SquareMatrix(One.Size);
        for (var i = 0; i < One.Size; i++)
        {
            for (var j = 0; j < One.Size; j++)
                combined[i, j] = Factor * (One[i, j] + (factor * (Both[i, j] + Both[j, i])) + (factor * factor * Other[i, j]));
        }

        return combined;
    }
}
