using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core.Metrics;
using Tiebreak.Ratings.Judged;
using Tiebreak.Ratings.Leaderboards;

namespace Tiebreak.Cli.Output.Rank;

/// <summary>A judge beside people: as texts, and for machines.</summary>
internal static class JudgeTables
{
    public static TextTable Beside(Leaderboard combined, Leaderboard votes, Leaderboard judge)
    {
        var (byVotes, byJudge) = (ByModel(votes), ByModel(judge));
        return new TextTable(
            "Votes and judge", ["Model", "Together", "95 % interval", "Votes alone", "95 % interval", "Narrower", "Judge alone"],
            [.. combined.Entries.Select(entry => new[]
            {
                entry.Model, Points(entry.Rating), Range(entry.Interval), Points(byVotes[entry.Model].Rating),
                Range(byVotes[entry.Model].Interval),
                Narrowing(entry, byVotes[entry.Model]),
                byJudge.TryGetValue(entry.Model, out var own) ? Points(own.Rating) : "",
            })]);
    }

    public static TextTable Biases(JudgeCheck check) => new(
        $"The judge less people, on {check.Battles:N0} battles that both judged",
        ["Model", "Battles", "People", "Judge", "Difference", "95 % interval", "p"],
        [.. check.Biases.Select(bias => new[]
        {
            bias.Model, bias.Battles.ToString("N0", CultureInfo.InvariantCulture), Share(bias.People),
            Share(bias.Judge), Signed.Format(bias.Bias, 3),
            $"{Signed.Format(bias.Interval.Lower, 3)} to {Signed.Format(bias.Interval.Upper, 3)}",
            bias.PValue.ToString("0.0000", CultureInfo.InvariantCulture),
        })]);

    public static string Agreement(string name, RankAgreement agreement) => string.Create(
        CultureInfo.InvariantCulture, $"{name} {agreement.Value:F3} (95 % {agreement.Interval.Lower:F3} to {agreement.Interval.Upper:F3})");

    public static JsonObject ToJson(JudgeCheck check) => new()
    {
        ["battles"] = check.Battles,
        ["spearman"] = check.Spearman.Value,
        ["spearman_ci"] = Json(check.Spearman.Interval),
        ["kendall"] = check.Kendall.Value,
        ["kendall_ci"] = Json(check.Kendall.Interval),
        ["bias"] = new JsonArray([.. check.Biases.Select(bias => new JsonObject
        {
            ["model"] = bias.Model,
            ["battles"] = bias.Battles,
            ["people"] = bias.People,
            ["judge"] = bias.Judge,
            ["bias"] = bias.Bias,
            ["lower"] = bias.Interval.Lower,
            ["upper"] = bias.Interval.Upper,
            ["p_value"] = bias.PValue,
        })]),
    };

    private static Dictionary<string, LeaderboardEntry> ByModel(Leaderboard board) =>
        board.Entries.ToDictionary(entry => entry.Model, StringComparer.Ordinal);

    private static double Width(LeaderboardEntry entry) => entry.Interval.Upper - entry.Interval.Lower;

    /// <summary>An anchored model has no interval to narrow.</summary>
    private static string Narrowing(LeaderboardEntry entry, LeaderboardEntry votes) =>
        Width(votes) == 0 ? "" : $"{Signed.Format(100 * (1 - (Width(entry) / Width(votes))), 1)} %";

    private static JsonArray Json(Interval interval) => new(interval.Lower, interval.Upper);

    private static string Points(double rating) => rating.ToString("F1", CultureInfo.InvariantCulture);

    private static string Range(Interval interval) => $"{Points(interval.Lower)} to {Points(interval.Upper)}";

    private static string Share(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
