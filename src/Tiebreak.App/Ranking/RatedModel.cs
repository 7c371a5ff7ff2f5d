using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Votes;

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

/// <summary>A model without a rating as JSON has it.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Reason">never_lost (nor tied), never_won (nor tied), or not_linked: no wins or losses link it to the rated models.</param>
/// <param name="Battles">Votes that it took part in.</param>
/// <param name="Wins">Votes that it won.</param>
/// <param name="Losses">Votes that it lost.</param>
/// <param name="Ties">Votes that were a tie or both bad.</param>
public sealed record UnratedRow(string Model, string Reason, int Battles, int Wins, int Losses, int Ties)
{
    internal static UnratedRow Of(UnratedModel of) =>
        new(of.Model, ReasonOf(of.Record), of.Record.Battles, of.Record.Wins, of.Record.Losses, of.Record.Ties);

    private static string ReasonOf(VoteRecord record) => record switch
    {
        { Losses: 0, Ties: 0 } => "never_lost",
        { Wins: 0, Ties: 0 } => "never_won",
        _ => "not_linked",
    };
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
