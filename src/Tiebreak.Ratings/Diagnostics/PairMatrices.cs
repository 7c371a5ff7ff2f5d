using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Diagnostics;

/// <summary>Every model against every other, in the order of <see cref="Models"/>; NaN where they never met.</summary>
public sealed class PairMatrices
{
    private PairMatrices(IReadOnlyList<string> models)
    {
        Models = models;
        Battles = new double[models.Count, models.Count];
        (WinFraction, TieFraction, Expected) = (Empty(), Empty(), Empty());
    }

    /// <summary>Rows and columns.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>The number of votes.</summary>
    public double[,] Battles { get; }

    /// <summary>Wins of the row among the votes that somebody won.</summary>
    public double[,] WinFraction { get; }

    /// <summary>Ties, and both bad, among all votes.</summary>
    public double[,] TieFraction { get; }

    /// <summary>The share of wins of the row among decisive votes that the ratings expect, whether or not the two met.</summary>
    public double[,] Expected { get; }

    /// <summary>Counts the votes behind a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="order">The models to show, by their places, in this order.</param>
    public static PairMatrices Of(RatingFit fit, IReadOnlyList<int> order)
    {
        var counts = fit.Counts;
        var matrices = new PairMatrices([.. order.Select(model => counts.Models[model])]);
        for (var row = 0; row < order.Count; row++)
        {
            for (var column = 0; column < order.Count; column++)
            {
                if (row != column)
                    matrices.Fill(fit, row, column, order[row], order[column]);
            }
        }

        return matrices;
    }

    /// <summary>The mean of a row without its empty cells: the average win rate if every opponent counts alike.</summary>
    public static double RowMean(double[,] matrix, int row) =>
        Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column]).Where(value => !double.IsNaN(value))
            .DefaultIfEmpty(double.NaN).Average();

    private void Fill(RatingFit fit, int row, int column, int one, int other)
    {
        var p = fit.Predict(one, other);
        Expected[row, column] = p.A / (p.A + p.B);
        var pair = fit.Counts.PairOf(one, other);
        if (pair < 0)
            return;

        var votes = fit.Counts.Votes.AsSpan(VoteCounts.Outcomes * pair, VoteCounts.Outcomes);
        var (won, lost) = one < other ? (votes[0], votes[1]) : (votes[1], votes[0]);
        var all = fit.Counts.VotesOf(pair);
        Battles[row, column] = all;
        WinFraction[row, column] = won + lost > 0 ? (double)won / (won + lost) : double.NaN;
        TieFraction[row, column] = all > 0 ? (double)(all - won - lost) / all : double.NaN;
    }

    private double[,] Empty()
    {
        var cells = new double[Models.Count, Models.Count];
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref cells[0, 0], cells.Length).Fill(double.NaN);
        return cells;
    }
}
