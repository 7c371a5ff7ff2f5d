using Tiebreak.App.Ranking;
using Tiebreak.Core;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Ranking;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Explorer.Work;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Leaderboards;

namespace Tiebreak.Explorer.Pages;

/// <summary>The models by rating, of all battles or of a selection; with style controlled for, of a whole file.</summary>
/// <param name="index">The battles.</param>
/// <param name="whole">What can be selected.</param>
/// <param name="work">Does what takes longer.</param>
/// <param name="threads">Threads to rate with.</param>
internal sealed class LeaderboardPage(BattleIndex index, WholeCounts whole, BackgroundWork work, int threads)
{
    private const string Style = "style";
    private const string Over = "over";
    private const int MostOffered = 50;

    /// <summary>Answers <c>/leaderboard</c>.</summary>
    public async Task<PageContent> AnswerAsync(HttpContext context)
    {
        var query = BattleQuery.Parse(context.Request.Query, Style, Over, "file");
        if (query[Style] is { } style)
            return await StyledAsync(query, style).ConfigureAwait(false);
        if (query[Over] is { } over)
        {
            var period = PeriodOf(over);
            return Ranked("Leaderboard over time", query, plot: ^1, () => Standings.Over(
                index, query.Filter, period, threads, context.RequestAborted));
        }

        return Standings.VotesOf(index, query.Filter) is { } votes
            ? Ranked("Leaderboard", query, plot: 0, () => Standings.Rank(votes, threads))
            : DocumentPage.Saying("Leaderboard", "No battle of this selection has two models and a vote.", () => Choices(query));
    }

    private static HistoryPeriod PeriodOf(string text) => Enum.TryParse<HistoryPeriod>(text, ignoreCase: true, out var period)
        && Enum.IsDefined(period) ? period : throw new InputException("over is week, month, quarter or year.");

    /// <summary>A leaderboard below one of its plots, or why there is none.</summary>
    private PageContent Ranked(string title, BattleQuery query, System.Index plot, Func<LeaderboardDocument> rank)
    {
        try
        {
            var document = rank();
            return DocumentPage.Of(title, document, () => Html.Of($"{Choices(query)}{DocumentBody.Of(document.Plots()[plot].Plot)}"));
        }
        catch (InputException exception)
        {
            return DocumentPage.Saying(title, exception.Message, () => Choices(query));
        }
    }

    // Style is counted in the texts, so the file is read as the verb `rank` reads it.
    private Task<PageContent> StyledAsync(BattleQuery query, string style)
    {
        var names = style switch
        {
            "arena" => StyleFeatures.Arena,
            "all" => StyleFeatures.Names,
            _ => throw new InputException("style is arena (length, headers, lists, bold) or all."),
        };
        var file = index.Files[query.Number("file", otherwise: 1, least: 1, most: index.Files.Count) - 1];
        var item = work.Get($"style {style} {file}", async (context, cancellationToken) => await new RankVotes
        {
            Votes = file,
            Style = names == StyleFeatures.Arena ? [] : names,
            Diagnostics = [LeaderboardDiagnostic.Chart],
        }.RunAsync(context, cancellationToken).ConfigureAwait(false));
        return DocumentPage.OfAsync("Leaderboard, style controlled for", item, () => Choices(query));
    }

    private Html Choices(BattleQuery query)
    {
        var (isStyled, isOverTime) = (query[Style] is not null, query[Over] is not null);
        return Html.Of($"""
            <p class="row">
            {Choice("votes as they are", "/leaderboard", !isStyled && !isOverTime)}
            {Choice("style controlled for", "/leaderboard?style=arena", query[Style] is "arena")}
            {Choice("all traits of style", "/leaderboard?style=all", query[Style] is "all")}
            {(isOverTime || index.HasTimes() ? Choice("over time", "/leaderboard?over=month", isOverTime) : default)}</p>
            {(isStyled ? default : Selection(query.Filter, query[Over]))}
            """);
    }

    private Html Selection(BattleFilter filter, string? over)
    {
        var counts = whole.Get();
        return Html.Of($"""
            <form class="filters" action="/leaderboard">
            {(over is null ? default : Form.Select(
                Over, "By", "month", [("week", "week"), ("quarter", "quarter"), ("year", "year")], over is "month" ? null : over))}
            {Form.Select("language", "Language", "all", Offered(counts.Languages), First(filter.Languages))}
            {Form.Select("tag", "Tag", "all", Offered(counts.Tags), First(filter.Tags))}
            {Form.Select("source", "Source", "all", Offered(counts.Sources), First(filter.Sources))}
            {Form.Text("turns", "Turns", filter.Turns?.ToString(), "1, 2-")}
            {Form.Text("length", "Characters", filter.Length?.ToString(), "-3000")}
            <button class="main">Rank these</button></form>

            """);
    }

    private static string? First(IReadOnlyList<string> values) => values.Count > 0 ? values[0] : null;

    private static Html Choice(string text, string address, bool isCurrent) => isCurrent
        ? Html.Of($"<b aria-current=\"true\">{text}</b>\n")
        : Html.Of($"<a href=\"{address}\">{text}</a>\n");

    private static IEnumerable<(string, string)> Offered(IReadOnlyList<NamedCount> counts) =>
        counts.Take(MostOffered).Select(count => (count.Name, Invariant($"{count.Name} ({count.Battles:N0})")));
}
