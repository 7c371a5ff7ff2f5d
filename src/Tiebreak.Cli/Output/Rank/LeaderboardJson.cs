using System.Text.Json.Nodes;
using Tiebreak.Core.Metrics;
using Tiebreak.Ratings.Comparison;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Slices;

namespace Tiebreak.Cli.Output.Rank;

/// <summary>A leaderboard and its diagnostics for machines.</summary>
internal static class LeaderboardJson
{
    public static JsonArray Leaderboard(Leaderboard board) => List(board.Entries, entry => new JsonObject
    {
        ["model"] = entry.Model,
        ["rating"] = entry.Rating,
        ["lower"] = entry.Interval.Lower,
        ["upper"] = entry.Interval.Upper,
        ["rank"] = entry.Rank,
        ["rank_best"] = entry.Ranks.Best,
        ["rank_worst"] = entry.Ranks.Worst,
        ["simultaneous_rank_best"] = entry.SimultaneousRanks.Best,
        ["simultaneous_rank_worst"] = entry.SimultaneousRanks.Worst,
        ["battles"] = entry.Battles,
        ["wins"] = entry.Wins,
        ["losses"] = entry.Losses,
        ["ties"] = entry.Ties,
    });

    public static JsonArray Coefficients(IReadOnlyList<Coefficient> coefficients) => List(coefficients, c => new JsonObject
    {
        ["feature"] = c.Feature,
        ["coefficient"] = c.Value,
        ["lower"] = c.Interval.Lower,
        ["upper"] = c.Interval.Upper,
        ["typical_difference"] = c.Scale,
    });

    public static JsonObject Gain(FeatureGain gain) => new()
    {
        ["log_loss_without"] = gain.Plain,
        ["log_loss_with"] = gain.WithFeatures,
        ["difference_ci"] = Range(gain.DifferenceInterval),
    };

    public static JsonArray Models(IReadOnlyList<RatingModelScore> scores) => List(scores, score => new JsonObject
    {
        ["model"] = score.Name,
        ["log_loss"] = score.LogLoss,
        ["difference"] = score.Difference,
        ["difference_ci"] = Range(score.DifferenceInterval),
        ["calibration_error_of_wins"] = score.WinCalibration,
        ["calibration_error_of_ties"] = score.TieCalibration,
    });

    public static JsonNode? Fragility(FragilityResult? result) => result is null ? null : new JsonObject
    {
        ["better"] = result.Better,
        ["worse"] = result.Worse,
        ["votes"] = result.Votes,
        ["share"] = result.Share,
        ["removed"] = List(result.Removed, part => new JsonObject { ["winner"] = part.Winner, ["loser"] = part.Loser, ["tie"] = part.IsTie, ["votes"] = part.Votes }),
    };

    public static JsonArray Voters(IReadOnlyList<OutlierVoter> voters) => List(voters, voter => new JsonObject
    {
        ["voter"] = voter.Voter,
        ["votes"] = voter.Votes,
        ["log_evidence"] = voter.LogEvidence,
        ["agreement"] = voter.Agreement,
        ["share_of_first"] = voter.ShareOfFirst,
    });

    public static JsonArray Rings(IReadOnlyList<Cycle> cycles) => List(cycles, cycle => new JsonObject
    {
        ["models"] = new JsonArray([.. cycle.Models.Select(model => JsonValue.Create(model))]),
        ["win_fractions"] = new JsonArray([.. cycle.WinFractions.Select(fraction => JsonValue.Create(fraction))]),
        ["weakest_link"] = cycle.WeakestLink,
    });

    public static JsonArray Next(IReadOnlyList<NextPair> pairs) => List(pairs, pair => new JsonObject
    {
        ["one"] = pair.One,
        ["other"] = pair.Other,
        ["battles"] = pair.Battles,
        ["narrowing"] = pair.Narrowing,
    });

    public static JsonArray Slices(IReadOnlyList<SliceLeaderboard> slices) => List(slices, slice => new JsonObject
    {
        ["slice"] = slice.Slice,
        ["votes"] = slice.Votes,
        ["tie_share"] = slice.TieShare,
        ["p_value"] = Number(slice.PValue),
        ["chi_squared"] = Number(slice.ChiSquared),
        ["degrees_of_freedom"] = slice.DegreesOfFreedom,
        ["note"] = slice.Note,
        ["ratings"] = List(slice.Ratings, rating => new JsonObject
        {
            ["model"] = rating.Model,
            ["rating"] = rating.Rating,
            ["rest"] = rating.Rest,
            ["error"] = rating.Error,
            ["p_value"] = Number(rating.PValue),
        }),
    });

    public static JsonObject Matrices(PairMatrices matrices) => new()
    {
        ["models"] = new JsonArray([.. matrices.Models.Select(model => JsonValue.Create(model))]),
        ["battles"] = Matrix(matrices.Battles),
        ["win_fraction"] = Matrix(matrices.WinFraction),
        ["tie_fraction"] = Matrix(matrices.TieFraction),
        ["expected_win_fraction"] = Matrix(matrices.Expected),
        ["average_win_fraction"] = new JsonArray([.. Enumerable.Range(0, matrices.Models.Count).Select(row => Number(PairMatrices.RowMean(matrices.WinFraction, row)))]),
    };

    private static JsonArray Matrix(double[,] cells) => new([.. Enumerable.Range(0, cells.GetLength(0)).Select(row =>
        new JsonArray([.. Enumerable.Range(0, cells.GetLength(1)).Select(column => Number(cells[row, column]))]))]);

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonObject> toJson) => new([.. items.Select(toJson)]);

    private static JsonArray Range(Interval interval) => new(interval.Lower, interval.Upper);

    private static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
