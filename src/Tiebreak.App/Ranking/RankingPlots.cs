using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Judged;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Plots;

namespace Tiebreak.App.Ranking;

/// <summary>The plots of a ranking, with the names of their files.</summary>
internal static class RankingPlots
{
    // Lines that a person can follow.
    private const int MostInHistory = 30;

    public static (string Name, IPlot Plot) Of(Leaderboard board)
    {
        var rows = board.Entries.Select(entry =>
            (entry.Model, entry.Rating, entry.Interval.Lower, entry.Interval.Upper, NumberText.Of(entry.Rating, "F0")));
        return ("leaderboard", new IntervalChart("Leaderboard", "rating with its interval, Elo points", [.. rows]) { ShowsZero = false });
    }

    public static IEnumerable<(string Name, IPlot Plot)> Of(PairMatrices matrices) =>
    [
        ("battles", new HeatMap("Battles", matrices.Models, matrices.Battles, 0, matrices.Battles.Cast<double>().Max(), "0")),
        ("win-fractions", InPercent("Wins of the row against the column, percent of decisive votes", matrices, matrices.WinFraction)),
        ("ties", InPercent("Ties, percent of votes", matrices, matrices.TieFraction)),
    ];

    public static (string Name, IPlot Plot) Of(IReadOnlyList<Coefficient> coefficients) => ("features", new IntervalChart(
        "Features", "log odds per typical difference",
        [.. coefficients.Select(c => (c.Feature, c.Value, c.Interval.Lower, c.Interval.Upper, NumberText.Signed(c.Value, 3)))]));

    public static (string Name, IPlot Plot) Of(IReadOnlyList<LeaderboardMoment> history) => ("history", new RankChart(
        "Ranks over time", [.. history.Select(moment => moment.Period)],
        [.. RankingSections.ModelsByLastRank(history).Take(MostInHistory).Select(model =>
            (model, (IReadOnlyList<int?>)[.. history.Select(moment => RankingSections.RankOf(moment, model))]))]));

    public static (string Name, IPlot Plot) Of(JudgeCheck check) => ("judge", new IntervalChart(
        "Judge less people", "mean score by the judge less that by people, percent",
        [.. check.Biases.Select(b =>
            (b.Model, 100 * b.Bias, 100 * b.Interval.Lower, 100 * b.Interval.Upper, NumberText.Signed(100 * b.Bias, 1)))]));

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
}
