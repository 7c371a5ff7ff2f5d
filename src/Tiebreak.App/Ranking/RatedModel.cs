using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Leaderboards;

namespace Tiebreak.App.Ranking;

/// <summary>A row of a leaderboard as JSON has it; see <see cref="LeaderboardEntry"/>.</summary>
public sealed record RatedModel(
    string Model,
    double Rating,
    double Lower,
    double Upper,
    int Rank,
    int RankBest,
    int RankWorst,
    int SimultaneousRankBest,
    int SimultaneousRankWorst,
    int Battles,
    int Wins,
    int Losses,
    int Ties)
{
    internal static IReadOnlyList<RatedModel> ListOf(Leaderboard board) =>
    [
        .. board.Entries.Select(entry => new RatedModel(
            entry.Model, entry.Rating, entry.Interval.Lower, entry.Interval.Upper, entry.Rank, entry.Ranks.Best, entry.Ranks.Worst,
            entry.SimultaneousRanks.Best, entry.SimultaneousRanks.Worst, entry.Battles, entry.Wins, entry.Losses, entry.Ties)),
    ];
}

/// <summary>A leaderboard as it stood at the end of a period; see <see cref="LeaderboardMoment"/>.</summary>
public sealed record RatedPeriod(string Period, int Votes, IReadOnlyList<RatedModel> Leaderboard, IReadOnlyList<string> Unrated);

/// <summary>What a feature is worth as JSON has it; see <see cref="Ratings.Contextual.Coefficient"/>.</summary>
public sealed record RatedFeature(string Feature, double Coefficient, double Lower, double Upper, double TypicalDifference)
{
    internal static RatedFeature Of(Coefficient of) => new(of.Feature, of.Value, of.Interval.Lower, of.Interval.Upper, of.Scale);
}

/// <summary>What happened between every two models, rows against columns, as JSON has it; see <see cref="PairMatrices"/>.</summary>
public sealed record RatedPairs(
    IReadOnlyList<string> Models,
    double[][] Battles,
    double[][] WinFraction,
    double[][] TieFraction,
    double[][] ExpectedWinFraction,
    double[] AverageWinFraction)
{
    internal static RatedPairs Of(PairMatrices pairs) => new(
        pairs.Models, Rows(pairs.Battles), Rows(pairs.WinFraction), Rows(pairs.TieFraction), Rows(pairs.Expected),
        [.. Enumerable.Range(0, pairs.Models.Count).Select(row => PairMatrices.RowMean(pairs.WinFraction, row))]);

    private static double[][] Rows(double[,] cells) =>
    [
        .. Enumerable.Range(0, cells.GetLength(0)).Select(row =>
            Enumerable.Range(0, cells.GetLength(1)).Select(column => cells[row, column]).ToArray()),
    ];
}
