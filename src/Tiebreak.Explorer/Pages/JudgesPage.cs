using System.Text.Json;
using Tiebreak.App.Topics;
using Tiebreak.Core.Battles;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Judging;
using Tiebreak.Explorer.Rendering;

namespace Tiebreak.Explorer.Pages;

/// <summary>Two judges or runs side by side, of all battles or of a selection, and the battles on which they part.</summary>
/// <param name="index">The battles.</param>
internal sealed class JudgesPage(BattleIndex index)
{
    private const string Against = "against";
    private const string Heading = "Two judges or runs";
    private const int MostParting = 50;
    private const int ShownCharacters = 60;

    /// <summary>Answers <c>/judges</c>.</summary>
    public PageContent Answer(HttpContext context)
    {
        var query = BattleQuery.Parse(context.Request.Query, Against);
        var known = index.Judges;
        if (known.Count < 2)
        {
            return DocumentPage.Saying(
                Heading,
                "This page compares two judges, or the predictions of two runs. Start the explorer with two or more of `judge` "
                + "BUNDLE, `run` FOLDER and `predictions` FILE.");
        }

        var one = query.Filter.Judge ?? known[0].Name;
        var other = query[Against] ?? known.First(judge => !IsSame(judge.Name, one)).Name;
        if (IsSame(one, other))
            return DocumentPage.Saying(Heading, "Choose two different ones.", () => Choices(one, other));
        var comparison = index.Compare(one, other, query.Filter);
        if (comparison.All.Battles == 0)
        {
            return DocumentPage.Saying(
                Heading, "There is no battle yet that both have judged and somebody has voted on.", () => Choices(one, other));
        }

        var document = new JudgesDocument(one, other, comparison);
        var parting = index.Parting(one, other, query.Filter, MostParting);
        var page = DocumentPage.Of(Heading, document, () => Choices(one, other));
        return page with
        {
            Body = () => Html.Of($"{page.Body()}{PartingTable(one, other, parting)}"),
            WriteJson = json => JsonSerializer.Serialize(json, document, JudgesJson.Default.JudgesDocument),
        };
    }

    private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);

    private Html Choices(string one, string other) => Html.Of($"""
        <form class="filters" action="/judges">
        {Form.Select("judge", "Judge", index.Judges[0].Name, index.Judges.Skip(1).Select(judge => (judge.Name, judge.Name)), one)}
        {Form.Select(Against, "Against", "the next", index.Judges.Select(judge => (judge.Name, judge.Name)), other)}
        <button class="main">Compare</button></form>

        """);

    private static Html PartingTable(
        string one, string other, IReadOnlyList<(BattleLine Line, Preference One, Preference Other)> parting) => Html.Of($"""
        <h2>Where they part most</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="Where they part most"><table>
        <thead>{Tables.Head("Battle", "Vote", $"{one}: A, tie, B", $"{other}: A, tie, B")}</thead>
        <tbody>
        {parting.Select(row => Tables.Row(
            Html.Of($"<a href=\"/battle/{row.Line.Number}?judge={Uri.EscapeDataString(one)}\">{NameOf(row.Line)}</a>"),
            row.Line.Verdict is { } verdict ? VerdictText.Format(verdict) : "none", Text(row.One), Text(row.Other)))}</tbody>
        </table></div>

        """);

    private static string NameOf(BattleLine line) =>
        line.PromptStart.Length == 0 ? line.Id : ShortText.Line(line.PromptStart, ShownCharacters);

    private static string Text(Preference preference) =>
        Invariant($"{preference.A:P0}, {preference.Tie:P0}, {preference.B:P0}");
}
