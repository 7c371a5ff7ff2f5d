using System.Text;
using Tiebreak.App.Topics;
using Tiebreak.Core.Files;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Explorer.Topics;
using Tiebreak.Explorer.Work;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>What people asked about: topics in areas, each a way to its battles and its leaderboard.</summary>
/// <param name="index">The battles.</param>
/// <param name="work">Finds topics in the background.</param>
internal sealed class TopicsPage(BattleIndex index, BackgroundWork work)
{
    private const string Heading = "Topics";
    private const int ShownCharacters = 70;

    /// <summary>Answers <c>/topics</c>.</summary>
    public async Task<PageContent> AnswerAsync(HttpContext context)
    {
        var query = BattleQuery.Parse(context.Request.Query);
        // Until then the index writes its tables anew, which it cannot while topics are written.
        if (!index.Progress.HasFindings)
            return DocumentPage.Saying(Heading, "Topics can be found when all battles have been read.");
        var item = Item();
        var page = await DocumentPage.OfAsync(Heading, item).ConfigureAwait(false);
        if (!item.Document.IsCompletedSuccessfully || await item.Document.ConfigureAwait(false) is not TopicsDocument document)
            return page;
        var losses = index.TopicLosses(query.Filter.Judge);
        var table = Table(document, losses);
        return page with
        {
            Body = () => Html.Of($"""
                {item.Remarks.Select(DocumentPage.Notice)}
                {DocumentBody.Of(new TopicMap(document))}
                <p class="faint">The size of a topic is the number of its
                battles{(IsVotedOn(document) ? "; the stronger its colour, the more of its votes are ties" : "")}.
                <a href="/topics/assignments.csv" download>The topic of every battle (CSV)</a></p>
                {document.Sections().OfType<Paragraph>().Select(sentence => Html.Of($"<p>{sentence.Text}</p>\n"))}
                {Areas(document, losses)}
                """),
            Table = table,
        };
    }

    /// <summary>Answers <c>/topics/assignments.csv</c>: the topic of every battle.</summary>
    public async Task SendAssignmentsAsync(HttpContext context)
    {
        index.Topics.ThrowIfUnknown();
        var document = (TopicsDocument)await Item().Document.ConfigureAwait(false);
        var csv = new StringBuilder("number,id,topic,title,area,area_title,tokens\n");
        foreach (var (number, id, topic, tokens) in index.Topics.Assignments())
        {
            var found = document.Topics[topic];
            csv.AppendJoin(',', Invariant($"{number}"), CsvText.Quote(id), Invariant($"{topic}"), CsvText.Quote(found.Title),
                Invariant($"{found.Area}"), CsvText.Quote(document.Areas[found.Area]), Invariant($"{tokens}")).Append('\n');
        }

        context.Response.ContentType = "text/csv; charset=utf-8";
        await context.Response.WriteAsync(csv.ToString(), context.RequestAborted).ConfigureAwait(false);
    }

    private WorkItem Item() => work.Get(
        "topics", async (job, cancellationToken) => await FoundTopics.FindAsync(index, job, cancellationToken).ConfigureAwait(false));

    private static bool IsVotedOn(TopicsDocument document) => document.Topics.Any(topic => topic.Ties is not null);

    private static Html Areas(TopicsDocument document, IReadOnlyDictionary<int, double> losses) => Html.Join(
        document.Topics.GroupBy(topic => topic.Area).OrderByDescending(area => area.Sum(topic => topic.Battles)).Select(area => Html.Of($"""
            <h2>{document.Areas[area.Key]}</h2>
            <div class="scroll" tabindex="0" role="region" aria-label="{document.Areas[area.Key]}"><table>
            <thead><tr>{Headings(document, losses).Select(name => Html.Of($"<th scope=\"col\">{name}</th>"))}
            <th scope="col" class="prose">Typical prompt</th></tr></thead>
            <tbody>
            {area.OrderByDescending(topic => topic.Battles).Select(topic => Row(document, topic, losses))}</tbody></table></div>

            """)));

    private static Html Row(TopicsDocument document, PromptTopic topic, IReadOnlyDictionary<int, double> losses) => Html.Of($"""
        <tr><td><a href="/battles?topic={topic.Number}">{topic.Title}</a></td>
        {Cells(document, topic, losses).Select(cell => Html.Of($"<td>{cell}</td>"))}
        {(IsVotedOn(document) ? Ways(topic) : default)}
        <td class="prose" dir="auto">{ShortText.Line(topic.Example, ShownCharacters)}</td></tr>

        """);

    private static Html Ways(PromptTopic topic) => Html.Of($"""
        <td><a href="/models?topic={topic.Number}">win rates</a> <a href="/leaderboard?topic={topic.Number}">ranks</a></td>

        """);

    private static string[] Headings(TopicsDocument document, IReadOnlyDictionary<int, double> losses) =>
        ["Topic", .. Columns(document, losses), .. IsVotedOn(document) ? ["Models"] : Array.Empty<string>()];

    private static TextTable Table(TopicsDocument document, IReadOnlyDictionary<int, double> losses) => new(
        Heading, ["Number", "Title", "Area", .. Columns(document, losses), "Typical prompt"],
        [.. document.Topics.Select(topic => (string[])
        [
            Invariant($"{topic.Number}"), topic.Title, document.Areas[topic.Area], .. Cells(document, topic, losses), topic.Example,
        ])]);

    private static string[] Columns(TopicsDocument document, IReadOnlyDictionary<int, double> losses) =>
    [
        "Prompts", "Battles", .. IsVotedOn(document) ? ["Ties", "Separation"] : Array.Empty<string>(),
        .. losses.Count == 0 ? Array.Empty<string>() : ["Judge's loss"],
    ];

    private static string[] Cells(TopicsDocument document, PromptTopic topic, IReadOnlyDictionary<int, double> losses) =>
    [
        NumberText.Count(topic.Prompts), NumberText.Count(topic.Battles),
        .. IsVotedOn(document)
            ? [NumberText.Percent(topic.Ties ?? double.NaN), topic.Separation is { } stand ? NumberText.Of(stand, "F2") : "none"]
            : Array.Empty<string>(),
        .. losses.Count == 0 ? Array.Empty<string>() : [NumberText.Loss(losses.GetValueOrDefault(topic.Number, double.NaN))],
    ];
}
