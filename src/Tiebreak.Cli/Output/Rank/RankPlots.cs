using System.Globalization;
using System.Text;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Cli.Output.Rank;

/// <summary>The pictures of a ranking: the leaderboard alone into an .svg file, or all of them into a folder.</summary>
internal static class RankPlots
{
    /// <summary>Writes pictures and returns their paths.</summary>
    public static IReadOnlyList<string> Write(string path, Leaderboard board, PairMatrices? matrices, IReadOnlyList<Coefficient> coefficients)
    {
        if (path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
            return [Write(path, OfLeaderboard(board))];
        if (Path.GetExtension(path).Length > 0)
            throw new InputException($"--plot {path}: pictures are written as .svg, or into a folder.");

        Directory.CreateDirectory(path);
        var written = new List<string> { Write(Path.Combine(path, "leaderboard.svg"), OfLeaderboard(board)) };
        if (matrices is not null)
        {
            written.Add(Write(Path.Combine(path, "battles.svg"), new HeatMap("Battles", matrices.Models, matrices.Battles, 0, matrices.Battles.Cast<double>().Max(), "0")));
            written.Add(Write(Path.Combine(path, "win-fractions.svg"), InPercent("Wins of the row against the column, percent of decisive votes", matrices, matrices.WinFraction)));
            written.Add(Write(Path.Combine(path, "ties.svg"), InPercent("Ties, percent of votes", matrices, matrices.TieFraction)));
        }

        if (coefficients.Count > 0)
            written.Add(Write(Path.Combine(path, "features.svg"), OfCoefficients(coefficients)));
        return written;
    }

    private static LeaderboardChart OfLeaderboard(Leaderboard board) => new(
        "Leaderboard", "rating with its interval, Elo points",
        [.. board.Entries.Select(entry => (entry.Model, entry.Rating, entry.Interval.Lower, entry.Interval.Upper, entry.Rating.ToString("F0", CultureInfo.InvariantCulture)))]);

    private static LeaderboardChart OfCoefficients(IReadOnlyList<Coefficient> coefficients) => new(
        "Features", "log odds per typical difference",
        [.. coefficients.Select(c => (c.Feature, c.Value, c.Interval.Lower, c.Interval.Upper, Signed.Format(c.Value, 3)))]);

    private static HeatMap InPercent(string title, PairMatrices matrices, double[,] shares)
    {
        var percent = new double[matrices.Models.Count, matrices.Models.Count];
        for (var i = 0; i < matrices.Models.Count; i++)
        {
            for (var j = 0; j < matrices.Models.Count; j++)
                percent[i, j] = 100 * shares[i, j];
        }

        return new HeatMap(title, matrices.Models, percent, 0, 100, "0");
    }

    private static string Write(string path, IPlot plot)
    {
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(SvgFile.Create(plot))));
        return path;
    }
}
