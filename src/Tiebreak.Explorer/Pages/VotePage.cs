using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Explorer.Voting;
using Tiebreak.Hosting.Security;

namespace Tiebreak.Explorer.Pages;

/// <summary>Voting on battles without knowing the models.</summary>
/// <param name="booth">Hands out battles and takes votes.</param>
internal sealed class VotePage(VotingBooth booth)
{
    private const string VoterCookie = "tiebreak-voter";

    private static readonly (string Value, string Key, string Text)[] Choices =
    [
        ("a", "a", "A is better"), ("tie", "t", "Tie"), ("bad", "x", "Both bad"), ("b", "b", "B is better"), ("skip", "s", "Skip"),
    ];

    /// <summary>Answers <c>/vote</c>: the battle to vote on, or the question who votes.</summary>
    public PageContent Answer(HttpContext context)
    {
        if (VoterOf(context) is not { } voter)
            return new PageContent("Vote", NameForm) { WriteJson = json => WriteState(json, voter: null) };
        var ballot = booth.Current(voter);
        return new PageContent("Vote", () => Html.Of($"""
            <p class="meta"><span>voting as <b>{voter}</b></span>
            <a href="/vote/results">results</a><a href="/vote/name">another voter</a></p>
            <div id="booth">
            {Booth(ballot, VotesOf(voter))}</div>
            """))
        {
            HasHeading = false,
            WriteJson = json => WriteState(json, voter),
        };
    }

    /// <summary>Answers <c>/vote/name</c>: who votes.</summary>
    public static PageContent AnswerName(HttpContext context) => new("Who votes?", NameForm)
    {
        WriteJson = json =>
        {
            json.WriteStartObject();
            json.WriteString("voter", VoterOf(context));
            json.WriteEndObject();
        },
    };

    /// <summary>Answers <c>/vote/ahead</c>: what the booth shows after a vote on the battle that is there now.</summary>
    public async Task SendAheadAsync(HttpContext context)
    {
        var voter = VoterOf(context) ?? throw new InputException("Say first who votes.");
        context.Response.ContentType = "text/html; charset=utf-8";
        var next = Booth(booth.Ahead(voter), VotesOf(voter) + 1);
        await context.Response.WriteAsync(next.ToString(), context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Takes the name that somebody votes under.</summary>
    public static async Task TakeNameAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        var name = VoterName.Of(form["name"]) ?? throw new InputException("Give a name or initials, under which your votes are kept.");
        context.Response.Cookies.Append(VoterCookie, Uri.EscapeDataString(name), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            MaxAge = TimeSpan.FromDays(365),
        });
        context.Response.Redirect("/vote");
    }

    /// <summary>Takes a vote, a skip or an undo.</summary>
    public async Task TakeAsync(HttpContext context)
    {
        var voter = VoterOf(context) ?? throw new InputException("Say first who votes.");
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        var (token, choice) = (form["ballot"].ToString(), form["choice"].ToString());
        switch (choice)
        {
            case "a": booth.Vote(voter, token, Verdict.A); break;
            case "b": booth.Vote(voter, token, Verdict.B); break;
            case "tie": booth.Vote(voter, token, Verdict.Tie); break;
            case "bad": booth.Vote(voter, token, Verdict.BothBad); break;
            case "skip": booth.Skip(voter, token); break;
            case "undo": booth.Undo(voter); break;
            default: throw new InputException("A vote is a, b, tie or bad; there are also skip and undo.");
        }

        if (!context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType == "application/json"))
        {
            context.Response.Redirect("/vote");
            return;
        }

        context.Response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        WriteState(json, voter);
        await json.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private void WriteState(Utf8JsonWriter json, string? voter)
    {
        json.WriteStartObject();
        json.WriteString("voter", voter);
        json.WriteNumber("votes", booth.File.Votes.Count);
        json.WriteNumber("votes_of_voter", VotesOf(voter));
        json.WriteEndObject();
    }

    private int VotesOf(string? voter) => booth.File.Votes.Count(vote => string.Equals(vote.Voter, voter, StringComparison.Ordinal));

    // Where callers have keys, a key's name is the voter's, so that nobody votes as somebody else.
    private static string? VoterOf(HttpContext context) => context.Features.Get<ApiKey>() is { } key
        ? VoterName.Of(key.Name)
        : VoterName.Of(Uri.UnescapeDataString(context.Request.Cookies[VoterCookie] ?? ""));

    private static Html NameForm() => Html.Of($"""
        <p>You see two answers without the names of the models, and say which one is better. Your votes are kept under a name.</p>
        <form method="post" action="/vote/name" class="row">
        <label>Your name or initials
        <input name="name" maxlength="{VoterName.Longest}" required autocomplete="nickname" data-key="/"></label>
        <button class="main">Begin</button></form>

        """);

    private static Html Booth(Ballot? ballot, int votes)
    {
        var undo = votes == 0 ? default : Html.Of($"""
            <form method="post" action="/vote">
            <button name="choice" value="undo" data-key="u">Undo the last vote <kbd>u</kbd></button></form>
            """);
        if (ballot is null)
        {
            return Html.Of($"""
                <p class="notice">You have seen every battle. Look at the <a href="/vote/results">results</a>, or let
                <a href="/vote/name">somebody else</a> vote.</p><div class="ballot">{undo}</div>

                """);
        }

        return Html.Of($"""
            <h1 class="small faint">Battle <span class="number">{votes + 1:N0}</span></h1>
            {ballot.Shown.Turns.Select(Turn)}
            <div class="ballot">
            <form method="post" action="/vote" class="choice" aria-label="Your vote">
            <input type="hidden" name="ballot" value="{ballot.Token}">
            {Choices.Select(Button)}</form>
            {undo}</div>

            """);
    }

    private static Html Button((string Value, string Key, string Text) choice) => Html.Of($"""
        <button name="choice" value="{choice.Value}" data-key="{choice.Key}">{choice.Text} <kbd>{choice.Key}</kbd></button>

        """);

    private static Html Turn(Turn turn) => Html.Of($"""
        <section class="turn"><div class="asked">{BattleDetailPage.Said(turn.Prompt, MarkdownHtml.Plain)}</div>
        <div class="sides"><div class="side a"><h3>A</h3>{BattleDetailPage.Said(turn.ResponseA, MarkdownHtml.Render)}</div>
        <div class="side b"><h3>B</h3>{BattleDetailPage.Said(turn.ResponseB, MarkdownHtml.Render)}</div></div></section>

        """);
}
