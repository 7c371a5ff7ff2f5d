using System.Globalization;
using Tiebreak.Ratings.Comparison;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Slices;
using Tiebreak.Ratings.Uncertainty;

namespace Tiebreak.Cli.Output.Rank;

/// <summary>A leaderboard and its diagnostics as headings and texts.</summary>
internal static class LeaderboardTables
{
    private const int MostDifferences = 3;

    public static TextTable Leaderboard(string title, Leaderboard board) => new(
        title, ["Model", "Rank", "Rating", "95 % interval", "Ranks", "Ranks, all\nat once", "Battles", "Wins", "Ties", "Losses"],
        [.. board.Entries.Select(entry => new[]
        {
            entry.Model, $"{entry.Rank}", Points(entry.Rating), $"{Points(entry.Interval.Lower)} to {Points(entry.Interval.Upper)}",
            Range(entry.Ranks), Range(entry.SimultaneousRanks), Count(entry.Battles), Count(entry.Wins), Count(entry.Ties), Count(entry.Losses),
        })]);

    public static TextTable Coefficients(IReadOnlyList<Coefficient> coefficients) => new(
        "Features: log odds per typical difference", ["Feature", "Coefficient", "95 % interval", "Typical difference"],
        [.. coefficients.Select(c => new[]
        {
            c.Feature, Signed.Format(c.Value, 4), $"{Signed.Format(c.Interval.Lower, 4)} to {Signed.Format(c.Interval.Upper, 4)}", Number(c.Scale, "0.###"),
        })]);

    public static TextTable Models(IReadOnlyList<RatingModelScore> scores) => new(
        "Rating models on held-out votes", ["Model", "Log loss", "Less Bradley-Terry", "95 % interval", "Calibration of wins", "of ties"],
        [.. scores.Select(score => new[]
        {
            score.Name, Number(score.LogLoss, "F4"), Signed.Format(score.Difference, 4),
            $"{Signed.Format(score.DifferenceInterval.Lower, 4)} to {Signed.Format(score.DifferenceInterval.Upper, 4)}",
            Number(score.WinCalibration, "F4"), Number(score.TieCalibration, "F4"),
        })]);

    public static TextTable Removed(FragilityResult result) => new(
        "Votes to take away", ["Vote", "Votes"],
        [.. result.Removed.Select(part => new[] { part.IsTie ? $"{part.Winner} tied with {part.Loser}" : $"{part.Winner} beat {part.Loser}", Count(part.Votes) })]);

    public static TextTable Voters(IReadOnlyList<OutlierVoter> voters) => new(
        "Voters whose votes do not fit the ratings", ["Voter", "Votes", "Log evidence of random voting", "Agrees with ratings", "Votes for side A"],
        [.. voters.Select(voter => new[] { voter.Voter, Count(voter.Votes), Number(voter.LogEvidence, "F1"), Percent(voter.Agreement), Percent(voter.ShareOfFirst) })]);

    public static TextTable Rings(IReadOnlyList<Cycle> cycles) => new(
        "Rings: each beat the next, the last the first", ["Models", "Win fractions", "Weakest lead (standard errors)"],
        [.. cycles.Select(cycle => new[] { string.Join(" > ", cycle.Models), string.Join(", ", cycle.WinFractions.Select(Percent)), Number(cycle.WeakestLink, "F2") })]);

    public static TextTable Next(IReadOnlyList<NextPair> pairs) => new(
        "Where 100 more votes narrow the intervals most", ["Pair", "Battles so far", "Narrowing of all variances"],
        [.. pairs.Select(pair => new[] { $"{pair.One}, {pair.Other}", Count(pair.Battles), Percent(pair.Narrowing) })]);

    public static TextTable Slices(string name, IReadOnlyList<SliceLeaderboard> slices) => new(
        $"By {name}: each part against all other votes", ["Part", "Votes", "Ties", "First", "Differs from the rest (p)", "Largest differences"],
        [.. slices.Select(slice => new[]
        {
            slice.Slice, Count(slice.Votes), Percent(slice.TieShare), slice.Ratings.Count > 0 ? slice.Ratings[0].Model : "none",
            double.IsNaN(slice.PValue) ? "none" : Number(slice.PValue, "0.0000"), slice.Ratings.Count == 0 ? slice.Note ?? "" : Differences(slice),
        })]);

    public static TextTable Matrix(string title, PairMatrices matrices, double[,] cells, string format) => new(
        title, ["Model", .. Enumerable.Range(1, matrices.Models.Count).Select(number => $"{number}")],
        [.. matrices.Models.Select((model, row) => new[] { $"{row + 1} {model}" }
            .Concat(Enumerable.Range(0, matrices.Models.Count).Select(column => double.IsNaN(cells[row, column]) ? "" : Number(cells[row, column], format))).ToArray())]);

    private static string Differences(SliceLeaderboard slice)
    {
        var clear = slice.Ratings.Where(rating => rating.PValue < 0.05).OrderByDescending(rating => Math.Abs(rating.Difference / rating.Error)).Take(MostDifferences);
        return string.Join(", ", clear.Select(rating => $"{rating.Model} {Signed.Format(rating.Difference, 0)}")) is { Length: > 0 } text ? text : "none beyond chance";
    }

    private static string Points(double rating) => Number(rating, "F1");

    private static string Range(RankRange ranks) => ranks.Best == ranks.Worst ? $"{ranks.Best}" : $"{ranks.Best} to {ranks.Worst}";

    private static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double value) => double.IsFinite(value) ? value.ToString("P1", CultureInfo.InvariantCulture) : "none";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
