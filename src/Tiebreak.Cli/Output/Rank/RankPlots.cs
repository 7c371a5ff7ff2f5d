using System.Globalization;
using System.Text;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Judged;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Cli.Output.Rank;

/// <summary>The pictures of a ranking: the leaderboard alone into an .svg file, or all of them into a folder.</summary>
internal static class RankPlots
{
    // Lines that a person can follow.
    private const int MostInHistory = 30;

    /// <summary>Writes pictures and returns their paths.</summary>
    /// <param name="path">An .svg file for the first, or a folder for all.</param>
    /// <param name="plots">The pictures with their names.</param>
    public static IReadOnlyList<string> Write(string path, IReadOnlyList<(string Name, IPlot Plot)> plots)
    {
        if (path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
            return [Write(path, plots[0].Plot)];
        if (Path.GetExtension(path).Length > 0)
            throw new InputException($"--plot {path}: pictures are written as .svg, or into a folder.");

        Directory.CreateDirectory(path);
        return [.. plots.Select(plot => Write(Path.Combine(path, $"{plot.Name}.svg"), plot.Plot))];
    }

    public static (string Name, IPlot Plot) Of(Leaderboard board) => ("leaderboard", new LeaderboardChart(
        "Leaderboard", "rating with its interval, Elo points",
        [.. board.Entries.Select(entry => (entry.Model, entry.Rating, entry.Interval.Lower, entry.Interval.Upper,
            entry.Rating.ToString("F0", CultureInfo.InvariantCulture)))]));

    public static IEnumerable<(string Name, IPlot Plot)> Of(PairMatrices matrices) =>
    [
        ("battles", new HeatMap("Battles", matrices.Models, matrices.Battles, 0, matrices.Battles.Cast<double>().Max(), "0")),
        ("win-fractions", InPercent("Wins of the row against the column, percent of decisive votes", matrices, matrices.WinFraction)),
        ("ties", InPercent("Ties, percent of votes", matrices, matrices.TieFraction)),
    ];

    public static (string Name, IPlot Plot) Of(IReadOnlyList<Coefficient> coefficients) => ("features", new LeaderboardChart(
        "Features", "log odds per typical difference",
        [.. coefficients.Select(c => (c.Feature, c.Value, c.Interval.Lower, c.Interval.Upper, Signed.Format(c.Value, 3)))]));

    public static (string Name, IPlot Plot) Of(IReadOnlyList<LeaderboardMoment> history) => ("history", new RankChart(
        "Ranks over time", [.. history.Select(moment => moment.Period)],
        [.. Histories.Models(history).Take(MostInHistory)
            .Select(model => (model, (IReadOnlyList<int?>)[.. history.Select(moment => Histories.Rank(moment, model))]))]));

    public static (string Name, IPlot Plot) Of(JudgeCheck check) => ("judge", new LeaderboardChart(
        "Judge less people", "mean score by the judge less that by people, percent",
        [.. check.Biases.Select(b =>
            (b.Model, 100 * b.Bias, 100 * b.Interval.Lower, 100 * b.Interval.Upper, Signed.Format(100 * b.Bias, 1)))]));

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
