using Tiebreak.Core;
using Tiebreak.Ratings.Comparison;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Slices;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Ranking;

/// <summary>A leaderboard and its diagnostics as sections.</summary>
internal static class RankingSections
{
    private const int MostDifferences = 3;

    // Columns that fit on a terminal, and rows that a person reads.
    private const int MostPeriods = 10;
    private const int MostModelsOverTime = 40;

    /// <summary>The table, models without a rating last, and how to read its ranks.</summary>
    public static IEnumerable<Section> Leaderboard(string title, Leaderboard board, IReadOnlyList<UnratedModel> unrated)
    {
        string[] columns =
            ["Model", "Rank", "Rating", "95 % interval", "Ranks", "Ranks, all\nat once", "Note", "Battles", "Wins", "Ties", "Losses"];
        List<string[]> rows = [columns, .. board.Entries.Select(RowOf), .. unrated.Select(RowOf)];
        var note = Array.IndexOf(columns, "Note");
        if (rows.Skip(1).All(row => row[note].Length == 0))
            rows = [.. rows.Select(row => (string[])[.. row[..note], .. row[(note + 1)..]])];
        yield return new TextTable(title, rows[0], rows[1..])
        {
            CanBeNarrowed = true,
        };
        yield return new Paragraph(
            "Ranks go by intervals that do not overlap; ranks all at once by the differences of ratings, for all models together, which " +
            "are known better than two intervals show.");
    }

    private static string[] RowOf(LeaderboardEntry entry) =>
    [
        entry.Model, $"{entry.Rank}", Points(entry.Rating), $"{Points(entry.Interval.Lower)} to {Points(entry.Interval.Upper)}",
        Range(entry.Ranks), Range(entry.SimultaneousRanks),
        (entry.Wins, entry.Losses) switch
        {
            (0, 0) => "only ties",
            (0, _) => "never won",
            (_, 0) => "never lost",
            _ => "",
        },
        NumberText.Count(entry.Battles), NumberText.Count(entry.Wins), NumberText.Count(entry.Ties), NumberText.Count(entry.Losses),
    ];

    private static string[] RowOf(UnratedModel model) =>
    [
        model.Model, "", "none", "-\u221e to \u221e", "", "",
        model.Record switch
        {
            { Losses: 0, Ties: 0 } => "never lost",
            { Wins: 0, Ties: 0 } => "never won",
            _ => "not linked",
        },
        NumberText.Count(model.Record.Battles), NumberText.Count(model.Record.Wins), NumberText.Count(model.Record.Ties),
        NumberText.Count(model.Record.Losses),
    ];

    private static string NameOf(RatingModel model) => model switch
    {
        RatingModel.BradleyTerry => "Bradley-Terry",
        RatingModel.RaoKupper => "Rao-Kupper",
        RatingModel.Davidson => "Davidson",
        _ => "Grounded Rao-Kupper",
    };

    public static IEnumerable<Section> Fit(Leaderboard board)
    {
        if (board.Fit is { } fit)
        {
            var perVote = fit.LogLikelihood / fit.Counts.TotalWeight;
            var tie = fit.TieParameter is { } parameter ? Invariant($", tie parameter {parameter:F4}") : "";
            yield return new Paragraph(
                Invariant($"{NameOf(fit.Model)}: log-likelihood {fit.LogLikelihood:F2} ({perVote:F4} a vote){tie}, ") +
                Invariant($"penalty {fit.Penalty:G3}, {Quantity.Of(fit.Steps, "Newton step")}."));
        }

        if (board.Ground is { } ground)
            yield return new Paragraph(Invariant($"The ground, which \"both bad\" compares with, is at {ground:F1}."));
    }

    public static IEnumerable<Section> Features(FittedFeatures features, int votes)
    {
        yield return new TextTable(
            "Features: log odds per typical difference", ["Feature", "Coefficient", "95 % interval", "Typical difference"],
            [.. features.Coefficients.Select(c => new[]
            {
                c.Feature, NumberText.Signed(c.Value, 4), NumberText.SignedRange(c.Interval), NumberText.Of(c.Scale, "0.###"),
            })]);
        yield return new Paragraph(
            Invariant(
                $"The penalty is {features.Penalty:G3} / 2 times the squared coefficients, beside a loss summed over {votes:N0} votes."));
        var gain = features.Gain;
        var (difference, interval) = (gain.WithFeatures - gain.Plain, gain.DifferenceInterval);
        var verdict = interval.Upper < 0 ? "they help." : interval.Lower > 0 ? "they do harm." : "not told from chance.";
        yield return new Paragraph(
            Invariant($"Held-out log loss {gain.Plain:F4} without features, {gain.WithFeatures:F4} with; difference ") +
            $"{NumberText.Signed(difference, 4)}, 95 % interval {NumberText.SignedRange(interval)}: {verdict}");
    }

    public static IEnumerable<Section> Chart(Leaderboard board, IReadOnlyList<Coefficient> coefficients)
    {
        yield return IntervalLines.Of(
            "Ratings with their intervals", "F0",
            [.. board.Entries.Select(entry => (entry.Model, entry.Rating, entry.Interval.Lower, entry.Interval.Upper))]);
        yield return new PlotRow(RankingPlots.Of(board).Plot);
        if (coefficients.Count == 0)
            yield break;
        yield return IntervalLines.Of(
            "Features with their intervals", "F2",
            [.. coefficients.Select(c => (c.Feature, c.Value, c.Interval.Lower, c.Interval.Upper))]);
        yield return new PlotRow(RankingPlots.Of(coefficients).Plot);
    }

    public static TextTable Models(IReadOnlyList<RatingModelScore> scores) => new(
        "Rating models on held-out votes",
        ["Model", "Log loss", "Less Bradley-Terry", "95 % interval", "Calibration of wins", "of ties"],
        [.. scores.Select(score => new[]
        {
            score.Name, NumberText.Loss(score.LogLoss), NumberText.Signed(score.Difference, 4),
            NumberText.SignedRange(score.DifferenceInterval), NumberText.Of(score.WinCalibration, "F4"),
            NumberText.Of(score.TieCalibration, "F4"),
        })]);

    public static IEnumerable<Section> Fragility(FragilityResult? result)
    {
        if (result is null)
        {
            yield return new Paragraph("No removal of votes was found that changes the order.");
            yield break;
        }

        yield return new Paragraph($"Without {Quantity.Of(result.Votes, "vote")} "
            + Invariant($"({result.Share:P2} of all), {result.Worse} would be ahead of {result.Better}:"));
        yield return new TextTable(
            "Votes to take away", ["Vote", "Votes"],
            [.. result.Removed.Select(part => new[]
            {
                $"{part.Winner} {(part.IsTie ? "tied with" : "beat")} {part.Loser}", NumberText.Count(part.Votes),
            })]);
    }

    public static Section Voters(IReadOnlyList<OutlierVoter> voters) => voters.Count == 0
        ? new Paragraph("No voter stands out: all votes fit the ratings as well as chance allows.")
        : new TextTable(
            "Voters whose votes do not fit the ratings",
            ["Voter", "Votes", "Log evidence of random voting", "Agrees with ratings", "Votes for side A"],
            [.. voters.Select(voter => new[]
            {
                voter.Voter, NumberText.Count(voter.Votes), NumberText.Of(voter.LogEvidence, "F1"), NumberText.Percent(voter.Agreement),
                NumberText.Percent(voter.ShareOfFirst),
            })]);

    public static Section Rings(IReadOnlyList<Cycle> cycles) => cycles.Count == 0
        ? new Paragraph("There are no rings of three models each of which beat the next.")
        : new TextTable(
            "Rings: each beat the next, the last the first", ["Models", "Win fractions", "Weakest lead (standard errors)"],
            [.. cycles.Select(cycle => new[]
            {
                string.Join(" > ", cycle.Models), string.Join(", ", cycle.WinFractions.Select(NumberText.Percent)),
                NumberText.Of(cycle.WeakestLink, "F2"),
            })]);

    public static TextTable Next(IReadOnlyList<NextPair> pairs) => new(
        "Where 100 more votes narrow the intervals most", ["Pair", "Battles so far", "Narrowing of all variances"],
        [.. pairs.Select(pair => new[]
        {
            $"{pair.One}, {pair.Other}", NumberText.Count(pair.Battles), NumberText.Percent(pair.Narrowing),
        })]);

    public static IEnumerable<Section> Matrices(PairMatrices matrices) =>
    [
        Matrix("Battles", matrices, matrices.Battles, "0"),
        Matrix("Wins of the row among decisive votes", matrices, matrices.WinFraction, "0.00"),
        Matrix("Ties among all votes", matrices, matrices.TieFraction, "0.00"),
    ];

    public static IEnumerable<Section> Slices(string name, IReadOnlyList<SliceLeaderboard> slices)
    {
        yield return new TextTable(
            $"By {name}: each part against all other votes",
            ["Part", "Votes", "Ties", "First", "Differs from the rest (p)", "Largest differences"],
            [.. slices.Select(slice => new[]
            {
                slice.Slice, NumberText.Count(slice.Votes), NumberText.Percent(slice.TieShare),
                slice.Ratings.Count > 0 ? slice.Ratings[0].Model : "none",
                double.IsNaN(slice.PValue) ? "none" : NumberText.Of(slice.PValue, "0.0000"),
                slice.Ratings.Count == 0 ? slice.Note ?? "" : Differences(slice),
            })]);
        foreach (var slice in slices.Where(slice => slice.Note is not null))
            yield return new Paragraph($"{slice.Slice}: {slice.Note}.");
    }

    public static TextTable History(IReadOnlyList<LeaderboardMoment> history)
    {
        var shown = history.TakeLast(MostPeriods).ToList();
        var part = shown.Count < history.Count ? $" (the last {shown.Count} of {history.Count} periods)" : "";
        return new TextTable(
            $"Ranks over time, by all votes until then{part}", ["Model", .. shown.Select(moment => moment.Period)],
            [.. ModelsByLastRank(history).Take(MostModelsOverTime).Select(model =>
                (string[])[model, .. shown.Select(moment => RankOf(moment, model) is { } rank ? $"{rank}" : "")])]);
    }

    /// <summary>The models by their rank at the end; those that are not rated then come last.</summary>
    public static IEnumerable<string> ModelsByLastRank(IReadOnlyList<LeaderboardMoment> history) => history
        .SelectMany(moment => moment.Board?.Entries ?? []).Select(entry => entry.Model).Distinct(StringComparer.Ordinal)
        .OrderBy(model => RankOf(history[^1], model) ?? int.MaxValue).ThenBy(model => model, StringComparer.Ordinal);

    public static int? RankOf(LeaderboardMoment moment, string model) =>
        moment.Board?.Entries.FirstOrDefault(entry => string.Equals(entry.Model, model, StringComparison.Ordinal))?.Rank;

    private static TextTable Matrix(string title, PairMatrices matrices, double[,] cells, string format) => new(
        title, ["Model", .. Enumerable.Range(1, matrices.Models.Count).Select(number => $"{number}")],
        [.. matrices.Models.Select((model, row) => (string[])
        [
            $"{row + 1} {model}",
            .. Enumerable.Range(0, matrices.Models.Count)
                .Select(column => double.IsNaN(cells[row, column]) ? "" : NumberText.Of(cells[row, column], format)),
        ])]);

    private static string Differences(SliceLeaderboard slice)
    {
        var clear = slice.Ratings.Where(rating => rating.PValue < 0.05)
            .OrderByDescending(rating => Math.Abs(rating.Difference / rating.Error)).Take(MostDifferences)
            .Select(rating => $"{rating.Model} {NumberText.Signed(rating.Difference, 0)}");
        return string.Join(", ", clear) is { Length: > 0 } text ? text : "none beyond chance";
    }

    private static string Points(double rating) => NumberText.Of(rating, "F1");

    private static string Range(RankRange ranks) => ranks.Best == ranks.Worst ? $"{ranks.Best}" : $"{ranks.Best} to {ranks.Worst}";
}
