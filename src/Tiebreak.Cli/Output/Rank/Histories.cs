using System.Text.Json.Nodes;
using Tiebreak.Ratings.Leaderboards;

namespace Tiebreak.Cli.Output.Rank;

/// <summary>A leaderboard over time, as a table and for machines.</summary>
internal static class Histories
{
    // Columns that fit on a terminal, and rows that a person reads.
    private const int MostPeriods = 10;
    private const int MostModels = 40;

    /// <summary>The models by their rank at the end; those that are not rated then come last.</summary>
    public static IEnumerable<string> Models(IReadOnlyList<LeaderboardMoment> history) => history
        .SelectMany(moment => moment.Board?.Entries ?? []).Select(entry => entry.Model).Distinct(StringComparer.Ordinal)
        .OrderBy(model => Rank(history[^1], model) ?? int.MaxValue).ThenBy(model => model, StringComparer.Ordinal);

    public static int? Rank(LeaderboardMoment moment, string model) =>
        moment.Board?.Entries.FirstOrDefault(entry => string.Equals(entry.Model, model, StringComparison.Ordinal))?.Rank;

    public static TextTable ToTable(IReadOnlyList<LeaderboardMoment> history)
    {
        var shown = history.TakeLast(MostPeriods).ToList();
        var title = shown.Count < history.Count
            ? $"Ranks over time, by all votes until then (the last {shown.Count} of {history.Count} periods)"
            : "Ranks over time, by all votes until then";
        return new TextTable(
            title, ["Model", .. shown.Select(moment => moment.Period)],
            [.. Models(history)
                .Take(MostModels)
                .Select(model => (string[])[model, .. shown.Select(moment => Rank(moment, model) is { } rank ? $"{rank}" : "")])]);
    }

    public static JsonArray ToJson(IReadOnlyList<LeaderboardMoment> history) => new([.. history.Select(moment => new JsonObject
    {
        ["period"] = moment.Period,
        ["votes"] = moment.Votes,
        ["leaderboard"] = moment.Board is { } board ? LeaderboardJson.Leaderboard(board) : new JsonArray(),
        ["unrated"] = new JsonArray([.. moment.Unrated.Select(model => JsonValue.Create(model))]),
    })]);
}
