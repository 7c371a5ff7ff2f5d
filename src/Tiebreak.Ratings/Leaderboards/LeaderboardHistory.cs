using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Leaderboards;

/// <summary>How a leaderboard came about: the ratings by all votes cast until the end of each period.</summary>
public static class LeaderboardHistory
{
    /// <summary>More periods than these are a mistake, or of no use.</summary>
    public const int MostPeriods = 520;

    private const int DaysOfWeek = 7;
    private const int MonthsOfQuarter = 3;

    /// <summary>
    /// Looks back. A model is rated once it belongs to the largest group whose ratings exist (see <see cref="Connectivity"/>).
    /// </summary>
    /// <param name="votes">The votes.</param>
    /// <param name="timestamps">When each was cast; <see cref="DateTimeOffset.MinValue"/> means unknown.</param>
    /// <param name="period">How often to look.</param>
    /// <param name="options">How to rate; a model as an anchor must be rated in all periods. Clusters count.</param>
    /// <param name="cancellationToken">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InputException">A vote has no time, or there are too many periods.</exception>
    public static IReadOnlyList<LeaderboardMoment> Of(
        VoteSet votes, DateTimeOffset[]? timestamps, HistoryPeriod period, LeaderboardOptions options,
        CancellationToken cancellationToken = default)
    {
        ThrowIfTimesAreUnknown(votes, timestamps);
        var periods = timestamps!.Select(time => Start(time.UtcDateTime, period)).ToArray();
        DateTime[] starts = [.. periods.Distinct().Order()];
        if (starts.Length > MostPeriods)
        {
            throw new InputException($"The votes fall into {starts.Length:N0} periods; a history has at most {MostPeriods}. "
                + "Take longer ones, for instance quarters.");
        }

        return [.. starts.Select(start =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Moment(
                votes, [.. Enumerable.Range(0, votes.Count).Where(row => periods[row] <= start)],
                Name(start, period), options, cancellationToken);
        })];
    }

    /// <summary>A history needs the time of every vote.</summary>
    /// <exception cref="InputException">A vote has no time.</exception>
    internal static void ThrowIfTimesAreUnknown(VoteSet votes, DateTimeOffset[]? timestamps)
    {
        var unknown = timestamps is null ? votes.Count : timestamps.Count(time => time == DateTimeOffset.MinValue);
        if (unknown > 0)
        {
            throw new InputException(
                $"{unknown:N0} of {votes.Count:N0} votes have no time, which a history needs: " +
                "give a column tstamp, or leave `over-time` out.")
            {
                Parameters = ["over-time"],
            };
        }
    }

    private static LeaderboardMoment Moment(
        VoteSet votes, int[] rows, string name, LeaderboardOptions options, CancellationToken cancellationToken)
    {
        var until = votes.At(rows).WithoutUnusedModels();
        var rateable = RateableVotes.Of(until, options.Penalty);
        IReadOnlyList<string> unrated = [.. rateable.Unrated.Select(model => model.Model)];
        if (until.Models.Count - unrated.Count < 2
            || (options.Anchor.Model is { } anchor
                && (unrated.Contains(anchor, StringComparer.Ordinal) || !until.Models.Contains(anchor, StringComparer.Ordinal))))
        {
            return new LeaderboardMoment(name, until.Count, null, until.Models);
        }

        var clusters = options.Clusters is { } all ? Clusters.Renumber([.. rateable.Rows.Select(row => all[rows[row]])]) : null;
        return new LeaderboardMoment(
            name,
            until.Count,
            Leaderboard.Of(until.At(rateable.Rows).WithoutUnusedModels(), options with { Clusters = clusters }, cancellationToken),
            unrated);
    }

    private static DateTime Start(DateTime time, HistoryPeriod period) => period switch
    {
        HistoryPeriod.Week => time.Date.AddDays(-(((int)time.DayOfWeek + DaysOfWeek - (int)DayOfWeek.Monday) % DaysOfWeek)),
        HistoryPeriod.Month => new DateTime(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Utc),
        HistoryPeriod.Quarter => new DateTime(time.Year, time.Month - ((time.Month - 1) % MonthsOfQuarter), 1, 0, 0, 0, DateTimeKind.Utc),
        _ => new DateTime(time.Year, 1, 1, 0, 0, 0, DateTimeKind.Utc),
    };

    private static string Name(DateTime start, HistoryPeriod period) => period switch
    {
        HistoryPeriod.Week => start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        HistoryPeriod.Month => start.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        HistoryPeriod.Quarter => string.Create(CultureInfo.InvariantCulture, $"{start.Year}-Q{((start.Month - 1) / MonthsOfQuarter) + 1}"),
        _ => start.ToString("yyyy", CultureInfo.InvariantCulture),
    };
}

/// <summary>The leaderboard as it stood at the end of a period.</summary>
/// <param name="Period">The period, for instance 2024-05; a week by its Monday.</param>
/// <param name="Votes">The votes cast until then, all of which count.</param>
/// <param name="Board">The leaderboard; null where the votes did not determine the ratings of any two models.</param>
/// <param name="Unrated">Models that had votes, but not yet enough to be rated with the others.</param>
public sealed record LeaderboardMoment(string Period, int Votes, Leaderboard? Board, IReadOnlyList<string> Unrated);
