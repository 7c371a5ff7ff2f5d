using Tiebreak.App.Ranking;
using Tiebreak.Core;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Ranking;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Explorer.Work;
using Tiebreak.Ratings.Contextual;

namespace Tiebreak.Explorer.Pages;

/// <summary>The models by rating, of all battles or of a selection; with style controlled for, of a whole file.</summary>
/// <param name="index">The battles.</param>
/// <param name="whole">What can be selected.</param>
/// <param name="work">Does what takes longer.</param>
/// <param name="threads">Threads to rate with.</param>
internal sealed class LeaderboardPage(BattleIndex index, WholeCounts whole, BackgroundWork work, int threads)
{
    private const string Style = "style";
    private const int MostOffered = 50;

    /// <summary>Answers <c>/leaderboard</c>.</summary>
    public async Task<PageContent> AnswerAsync(HttpContext context)
    {
        var query = BattleQuery.Parse(context.Request.Query, Style, "file");
        if (query[Style] is { } style)
            return await StyledAsync(query, style).ConfigureAwait(false);
        if (Standings.VotesOf(index, query.Filter) is not { } votes)
            return DocumentPage.Saying("Leaderboard", "No battle of this selection has two models and a vote.", () => Choices(query));
        var document = Standings.Rank(votes, threads);
        return DocumentPage.Of("Leaderboard", document, () => Html.Of($"{Choices(query)}{DocumentBody.Of(document.Plots()[0].Plot)}"));
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
        var isStyled = query[Style] is not null;
        return Html.Of($"""
            <p class="row">
            {Choice("votes as they are", "/leaderboard", !isStyled)}
            {Choice("style controlled for", "/leaderboard?style=arena", query[Style] is "arena")}
            {Choice("all traits of style", "/leaderboard?style=all", query[Style] is "all")}</p>
            {(isStyled ? default : Selection(query.Filter))}
            """);
    }

    private Html Selection(BattleFilter filter)
    {
        var counts = whole.Get();
        return Html.Of($"""
            <form class="filters" action="/leaderboard">
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
