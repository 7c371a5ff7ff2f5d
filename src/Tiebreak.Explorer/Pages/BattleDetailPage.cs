using System.Globalization;
using Tiebreak.App.Comparing;
using Tiebreak.App.Predicting;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Judging;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>One battle: both conversations beside each other, turn by turn.</summary>
/// <param name="index">The battles.</param>
/// <param name="judges">The judges that can be asked about it.</param>
internal sealed class BattleDetailPage(BattleIndex index, JudgeShelf judges)
{
    private const string View = "view";
    private const string AsText = "text";
    private const string Differences = "differences";
    private const string Ask = "ask";

    private static readonly (string Key, string? Value, string Text)[] AllViews =
        [("v", null, "formatted"), ("t", AsText, "as written"), ("d", Differences, "differences")];

    /// <summary>Answers <c>/battle/NUMBER</c>.</summary>
    public async Task<PageContent> AnswerAsync(HttpContext context)
    {
        var number = int.Parse((string)context.GetRouteValue("number")!, CultureInfo.InvariantCulture);
        var query = BattleQuery.Parse(context.Request.Query, View, Ask);
        var found = index.At(number, query.Filter.Judge) ?? throw new InputException($"There is no battle {number:N0}.");
        var neighbours = index.Neighbours(query.Filter, query.Sort, number);
        var asked = query[Ask] is { } name
            ? await judges.AskAsync(name, found.Battle, context.RequestAborted).ConfigureAwait(false)
            : null;
        var truncation = query[Ask] is { } reader
            ? await judges.TruncationAsync(reader, [found.Battle], context.RequestAborted).ConfigureAwait(false)
            : null;
        return new PageContent($"Battle {found.Line.Id}", () => Body(query, found, neighbours, asked, truncation))
        {
            WriteJson = json => BattleJson.Write(json, found.Battle),
        };
    }

    /// <summary>Answers <c>/battle?id=ID</c> with the address of the first battle of that id.</summary>
    public Task RedirectAsync(HttpContext context)
    {
        var id = context.Request.Query["id"].ToString();
        var found = index.Find(id) ?? throw new InputException($"There is no battle with the id \"{id}\".");
        context.Response.Redirect(Invariant($"/battle/{found.Line.Number}"));
        return Task.CompletedTask;
    }

    private static string? AddressOf(BattleQuery query, int? number, params IEnumerable<(string Key, string? Value)> changed)
    {
        Dictionary<string, string?> own = new(StringComparer.Ordinal) { [View] = query[View], [Ask] = query[Ask] };
        foreach (var (key, value) in changed)
            own[key] = value;
        return number is null ? null : query.Address(Invariant($"/battle/{number}"), own.Select(pair => (pair.Key, pair.Value)));
    }

    private Html Body(
        BattleQuery query, IndexedBattle found, BattleNeighbours neighbours, ComparisonDocument? asked, Truncation? truncation)
    {
        var (line, battle) = (found.Line, found.Battle);
        return Html.Of($"""
            <div class="row">
            <a href="{query.Address("/battles")}">← {(query.Filter.ToQuery().Length == 0 ? "all battles" : "the selection")}</a>
            {Views(query, line.Number)}
            <span class="end">
            {Step.Previous(AddressOf(query, neighbours.Previous))} {Step.Next(AddressOf(query, neighbours.Next))}</span></div>
            <p class="meta"><span>{Badges.Of(battle.Verdict)}</span>
            {Fact("number", Invariant($"{line.Number:N0}"))}
            {Fact("language", line.Language)}
            {Fact("tokens", Invariant($"{line.Tokens:N0}"))}
            {Fact("source", battle.Source)}
            {Fact("voted", battle.Timestamp?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture))}
            {Fact("tags", battle.Tags is { } tags ? string.Join(", ", tags) : null)}
            {line.Findings.Select(Finding)}</p>
            <p><a href="{query.Address(Invariant($"/battle/{line.Number}/similar"))}">Similar battles</a></p>
            {Opinions(query, line, asked, truncation)}
            {battle.Turns.Select((turn, i) => Turn(query, battle, turn, i))}
            """);
    }

    private static Html Finding(string finding) =>
        Html.Of($"<a href=\"{BattleQuery.BattlesWith("finding", finding)}\">{finding.Replace('_', ' ')}</a>\n");

    private static Html Fact(string name, string? value) =>
        string.IsNullOrEmpty(value) ? default : Html.Of($"<span>{name} <b>{value}</b></span>");

    private static Html Views(BattleQuery query, int number) => Html.Join(AllViews.Select(view => IsShown(query, view.Value)
        ? Html.Of($"<b aria-current=\"true\">{view.Text}</b>\n")
        : Html.Of($"<a data-key=\"{view.Key}\" href=\"{AddressOf(query, number, (View, view.Value))}\">{view.Text}</a>\n")));

    private static bool IsShown(BattleQuery query, string? view) => string.Equals(query[View], view, StringComparison.Ordinal);

    private Html Opinions(BattleQuery query, BattleLine line, ComparisonDocument? asked, Truncation? truncation)
    {
        if (judges.Names.Count == 0 && line.Preference is null)
            return default;
        var opinion = line.Preference is { } preference
            ? Html.Of($"<p>The judge: {PreferenceText(preference)}{(line.Loss is { } loss ? Invariant($", loss {loss:F3}") : "")}.</p>\n")
            : default;
        var buttons = judges.Names.Select(name => Html.Of(
            $"<a class=\"button\" href=\"{AddressOf(query, line.Number, (Ask, name))}\">Ask {name}: both orders, and why</a>\n"));
        return Html.Of($"""
            <section aria-label="Judges">
            {opinion}{(asked is null ? Html.Of($"<p class=\"row\">{buttons}</p>") : DocumentBody.Of(asked))}
            {truncation?.Details("What the judge reads of it").OfType<TextTable>().Select(table => DocumentBody.Of(table)) ?? []}</section>

            """);
    }

    private static string PreferenceText(Preference preference) =>
        Invariant($"A {preference.A:P0}, B {preference.B:P0}, tie {preference.Tie:P0}");

    private static Html Turn(BattleQuery query, Battle battle, Turn turn, int place)
    {
        var (a, b) = Sides(query[View], turn);
        var heading = battle.Turns.Count > 1 ? Html.Of($"<h2>Turn {place + 1} of {battle.Turns.Count}</h2>") : default;
        return Html.Of($"""
            <section class="turn">{heading}
            <div class="asked">{Said(turn.Prompt, MarkdownHtml.Plain)}</div>
            <div class="sides">
            <div class="side a"><h3>A{Name(battle.ModelA)}</h3>{a}</div>
            <div class="side b"><h3>B{Name(battle.ModelB)}</h3>{b}</div>
            </div></section>

            """);
    }

    private static string Name(string? model) => model is null ? "" : $" · {model}";

    /// <summary>Both answers of a turn as a view shows them.</summary>
    private static (Html A, Html B) Sides(string? view, Turn turn)
    {
        if (view is AsText)
            return (Said(turn.ResponseA, MarkdownHtml.Plain), Said(turn.ResponseB, MarkdownHtml.Plain));
        if (view is not Differences)
            return (Said(turn.ResponseA, MarkdownHtml.Render), Said(turn.ResponseB, MarkdownHtml.Render));
        return TextDifference.Of(turn.ResponseA ?? "", turn.ResponseB ?? "") is var (a, b)
            ? (Said(turn.ResponseA, _ => Marked(a)), Said(turn.ResponseB, _ => Marked(b)))
            : (TooFar(turn.ResponseA), TooFar(turn.ResponseB));
    }

    private static Html TooFar(string? text) => Html.Of(
        $"<p class=\"faint\">The answers have too little in common to be compared word by word.</p>{Said(text, MarkdownHtml.Plain)}");

    private static Html Marked(IReadOnlyList<TextPart> parts) => Html.Of($"""
        <div class="plain" dir="auto">{parts.Select(part =>
            part.IsShared ? Html.Text(part.Text) : Html.Of($"<mark>{part.Text}</mark>"))}</div>
        """);

    /// <summary>A text of a turn, or what is the matter with it.</summary>
    public static Html Said(string? text, Func<string, Html> render) => text switch
    {
        null => Html.Of($"<p class=\"faint\">(null)</p>"),
        { Length: 0 } => Html.Of($"<p class=\"faint\">(empty)</p>"),
        _ when string.IsNullOrWhiteSpace(text) => Html.Of($"<p class=\"faint\">(blank)</p>"),
        _ => Html.Of($"<div class=\"said\">{render(text)}</div>"),
    };
}
