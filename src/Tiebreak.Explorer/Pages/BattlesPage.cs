using Tiebreak.Core.Battles;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>The list of battles that meet a filter.</summary>
/// <param name="index">The battles.</param>
/// <param name="counts">What the filters offer.</param>
internal sealed class BattlesPage(BattleIndex index, WholeCounts counts)
{
    private const int PageSize = 50;
    private const int MostOffered = 200;

    private static readonly (string Value, string Text)[] Winners =
    [
        ("model_a", "A wins"), ("model_b", "B wins"), ("tie", "tie"), ("tie (bothbad)", "both bad"), (BattleFilter.NoVerdict, "no vote"),
    ];

    private static readonly (string Value, string Text)[] Orders =
    [
        ("-length", "longest first"), ("length", "shortest first"), ("-difference", "largest difference in length"),
        ("-turns", "most turns"), ("-time", "newest vote"), ("time", "oldest vote"), ("-confidence", "judge most certain"),
        ("confidence", "judge least certain"), ("-loss", "judge's worst misses"),
    ];

    private IEnumerable<(string Value, string Text)> Offered =>
        index.Judges.Count > 0 ? Orders : Orders.Where(order => !BattleSort.Parse(order.Value).AsksJudge);

    /// <summary>Answers <c>/battles</c>.</summary>
    public PageContent Answer(HttpContext context)
    {
        var query = BattleQuery.Parse(context.Request.Query, "page");
        var number = query.Number("page", otherwise: 1, least: 1, most: int.MaxValue / PageSize);
        var page = index.Page(query.Filter, query.Sort, (long)(number - 1) * PageSize, PageSize);
        return new PageContent("Battles", () => Body(query, page, number))
        {
            Table = new TextTable("Battles", BattleJsonLines.Columns, [.. page.Lines.Select(BattleJsonLines.Row)]),
            WriteJson = json =>
            {
                json.WriteStartObject();
                json.WriteNumber("total", page.Total);
                json.WriteNumber("offset", page.Offset);
                json.WriteStartArray("battles");
                foreach (var line in page.Lines)
                    BattleJsonLines.Write(json, line);
                json.WriteEndArray();
                json.WriteEndObject();
            },
        };
    }

    private static string PageAddress(BattleQuery query, int number) =>
        query.Address("/battles", ("page", number > 1 ? Invariant($"{number}") : null));

    private Html Body(BattleQuery query, BattlePage page, int number) => page.Total == 0 ? Nothing(query) : Html.Of($"""
        {Filters(query)}
        <div class="row">
        <span role="status"><b class="number">{page.Total:N0}</b> {(page.Total == 1 ? "battle" : "battles")}{Shown(page)}</span>
        <span class="end">{Turning(query, page, number)}</span></div>
        <ol class="list">
        {page.Lines.Select(line => Line(query, line))}</ol>
        <div class="row"><span class="faint">Export all of them:
        {Export(query, "jsonl", "JSONL")} {Export(query, "csv", "CSV")} {Export(query, "parquet", "Parquet")}</span>
        <span class="end">{Turning(query, page, number)}</span></div>
        <form class="row" action="/battle"><label>Battle by id
        <input name="id" required autocomplete="off"></label><button>Open</button></form>
        """);

    private Html Nothing(BattleQuery query) => Html.Of($"""
        {Filters(query)}
        <p class="notice" role="status">No battle meets this filter. Ask for less, or look at <a href="/battles">all battles</a>.</p>

        """);

    private static string Shown(BattlePage page) => page.Lines.Count < page.Total && page.Lines.Count > 0
        ? Invariant($", {page.Offset + 1:N0} to {page.Offset + page.Lines.Count:N0}")
        : "";

    private static Html Turning(BattleQuery query, BattlePage page, int number)
    {
        var hasNext = page.Offset + page.Lines.Count < page.Total;
        var (previous, next) = (number > 1 ? PageAddress(query, number - 1) : null, hasNext ? PageAddress(query, number + 1) : null);
        return Html.Of($"{Step.Previous(previous)} {Step.Next(next)}");
    }

    private static Html Export(BattleQuery query, string format, string name) =>
        Html.Of($"<a href=\"{query.Address("/battles/export", ("format", format))}\" download>{name}</a>");

    /// <summary>A battle of a list.</summary>
    public static Html Line(BattleQuery query, BattleLine line)
    {
        var prompt = line.PromptStart.Length == 0 ? "(no prompt)" : line.PromptStart;
        var models = line.ModelA is null && line.ModelB is null ? "" : $"{line.ModelA ?? "?"} · {line.ModelB ?? "?"}";
        var turns = line.Turns == 1 ? "1 turn" : Invariant($"{line.Turns} turns");
        return Html.Of($"""
            <li><span>{Badges.Of(line.Verdict)}</span>
            <span class="prompt"><a href="{query.Address(Invariant($"/battle/{line.Number}"))}" dir="auto">{prompt}</a></span>
            <span class="models" title="{models}">{models}</span>
            <span class="facts">{turns} · {line.Tokens:N0} tokens{Judged(line)}</span></li>

            """);
    }

    private static string Judged(BattleLine line) => (line.Loss, line.Preference) switch
    {
        ({ } loss, _) => Invariant($" · loss {loss:F2}"),
        (_, { } preference) => Invariant($" · {preference[preference.Top]:P0} {Word(preference.Top)}"),
        _ => "",
    };

    private static string Word(Outcome outcome) => outcome switch { Outcome.A => "A", Outcome.B => "B", _ => "tie" };

    private Html Filters(BattleQuery query)
    {
        var (filter, known) = (query.Filter, counts.Get());
        NumberRange?[] ranges = [filter.Turns, filter.Length, filter.PromptLength, filter.LengthA, filter.LengthB, filter.Tokens];
        var isMore = ranges.Any(range => range is not null) || filter.Sources.Count > 0 || filter.Tags.Count > 0
            || filter.Findings.Count > 0 || filter.Topics.Count > 0 || filter.AsksJudge || filter.Won is not null;
        var more = Html.Of($"""
            <summary>More filters</summary><div>
            {Form.Select("won", "Won by", "any", Names(known.Models), filter.Won)}
            {Form.Text("turns", "Turns", filter.Turns?.ToString(), "1, 2-5, 3-")}
            {Form.Text("length", "Characters", filter.Length?.ToString(), "1000-5000")}
            {Form.Text("prompt_length", "Of the prompts", filter.PromptLength?.ToString(), "-200")}
            {Form.Text("length_a", "Of answer A", filter.LengthA?.ToString(), "500-")}
            {Form.Text("length_b", "Of answer B", filter.LengthB?.ToString(), "500-")}
            {Form.Text("tokens", "Tokens", filter.Tokens?.ToString(), "-4000")}
            {Form.Select("finding", "Finding", "any", Names(known.Findings), First(filter.Findings))}
            {Form.Select("source", "Source", "any", Names(known.Sources), First(filter.Sources))}
            {Form.Select("tag", "Tag", "any", Names(known.Tags), First(filter.Tags))}
            {Form.Text("topic", "Topic, by number", filter.Topics.Count > 0 ? Invariant($"{filter.Topics[0]}") : null, "see Topics")}
            {(index.Judges.Count > 0 ? OfJudges(filter) : default)}</div>
            """);
        return Html.Of($"""
            <form class="filters" action="/battles" role="search">
            <label class="wide">Words in prompts and answers<input type="search" name="text" value="{filter.Text}" data-key="/"
            placeholder="all of these words, &quot;in this order&quot;, begin*"></label>
            {Form.Select("model", "Model", "any", Names(known.Models), First(filter.Models))}
            {Form.Select("model", "Against", "any", Names(known.Models), filter.Models.Count > 1 ? filter.Models[1] : null)}
            {Form.Select("winner", "Vote", "any", Winners, First(filter.Winners))}
            {Form.Select("language", "Language", "any", Names(known.Languages), First(filter.Languages))}
            {Form.Select("sort", "Order", "as in the file", Offered, query.Sort == BattleSort.InFileOrder ? null : query.Sort.ToString())}
            <button class="main">Show</button> <a class="button" href="/battles">Clear</a>
            {(isMore ? Html.Of($"<details class=\"more\" open>{more}</details>") : Html.Of($"<details class=\"more\">{more}</details>"))}
            </form>
            """);
    }

    // The judge that is meant where none is named stands for no choice.
    private Html OfJudges(BattleFilter filter) => Html.Of($"""
        {Form.Select(
            "judge", "Judge", index.Judges[0].Name, index.Judges.Skip(1).Select(judge => (judge.Name, judge.Name)), filter.Judge)}
        {Form.Text("confidence", "Judge's confidence", filter.Confidence?.ToString(), "0.6-1")}
        {Form.Select("right", "Judge is", "any", [("yes", "right"), ("no", "wrong")], Word(filter.IsRight))}
        {Form.Text("loss", "Judge's loss", filter.Loss?.ToString(), "2-")}

        """);

    private static string? First(IReadOnlyList<string> values) => values.Count > 0 ? values[0] : null;

    private static string? Word(bool? isRight) => isRight switch { true => "yes", false => "no", null => null };

    private static IEnumerable<(string Value, string Text)> Names(IReadOnlyList<NamedCount> counts) =>
        counts.Where(count => count.Battles > 0).Take(MostOffered)
            .Select(count => (count.Name, Invariant($"{count.Name.Replace('_', ' ')} ({count.Battles:N0})")));
}
