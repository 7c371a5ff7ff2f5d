using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Tests;

public sealed class HistoryTests
{
    private static readonly DateTimeOffset Start = new(2024, 2, 28, 23, 0, 0, TimeSpan.Zero);

    // z is beaten by both from the second day on, and beats x on the fifth.
    private static readonly VoteSet Votes = Games.Of("x>y:1 y>x:1 x>z:1 y>z:1 z>x:1");

    private static readonly DateTimeOffset[] Times = [.. Enumerable.Range(0, 5).Select(day => Start.AddDays(day))];

    [Theory]
    [InlineData(HistoryPeriod.Week, "2024-02-26")]
    [InlineData(HistoryPeriod.Month, "2024-02", "2024-03")]
    [InlineData(HistoryPeriod.Quarter, "2024-Q1")]
    [InlineData(HistoryPeriod.Year, "2024")]
    public void Periods_have_names(HistoryPeriod period, params string[] names) =>
        Assert.Equal(names, LeaderboardHistory.Of(Votes, Times, period, new LeaderboardOptions()).Select(moment => moment.Period));

    [Fact]
    public void A_model_is_rated_once_its_rating_exists_and_the_last_moment_is_the_leaderboard()
    {
        var history = LeaderboardHistory.Of(
            Votes, [.. Times.Select((time, i) => time.AddMonths(i))], HistoryPeriod.Month, new LeaderboardOptions());
        Assert.Equal([null, 2, 2, 2, 3], history.Select(moment => moment.Board?.Entries.Count));
        Assert.Equal([["x", "y"], [], ["z"], ["z"], []], history.Select(moment => moment.Unrated));
        Assert.Equal([1, 2, 3, 4, 5], history.Select(moment => moment.Votes));
        Assert.Equal(
            Leaderboard.Of(Votes, new LeaderboardOptions()).Entries.Select(entry => entry.Interval),
            history[^1].Board!.Entries.Select(entry => entry.Interval));
    }

    [Fact]
    public void A_history_needs_times_and_not_too_many_periods()
    {
        Assert.Contains(
            "have no time",
            Assert.Throws<InputException>(() => LeaderboardHistory.Of(Votes, null, HistoryPeriod.Year, new LeaderboardOptions())).Message,
            StringComparison.Ordinal);
        var many = VoteSet.Of(Enumerable.Range(0, 600).Select(_ => new Vote("x", "y", Verdict.Tie)));
        Assert.Contains("600 periods", Assert.Throws<InputException>(() => LeaderboardHistory.Of(
            many, [.. Enumerable.Range(0, 600).Select(week => Start.AddDays(7 * week))], HistoryPeriod.Week,
            new LeaderboardOptions())).Message, StringComparison.Ordinal);
    }
}
