using System.Text.Json;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Explorer.Traits;
using Tiebreak.Explorer.Work;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>Which traits of answers people reward, and how each model writes.</summary>
/// <param name="index">The battles.</param>
/// <param name="work">Reads them in the background.</param>
/// <param name="threads">Threads to use.</param>
internal sealed class TraitsPage(BattleIndex index, BackgroundWork work, int threads)
{
    private const int MostBattles = 50_000;

    private static readonly BattleFilter Voted =
        new() { Winners = [.. BattleFilter.AllWinners.Where(winner => winner is not BattleFilter.NoVerdict)] };

    /// <summary>Answers <c>/why</c>.</summary>
    public Task<PageContent> AnswerAsync(HttpContext context) => OfAsync(context, "What people reward", (page, document) => page with
    {
        WriteJson = json => JsonSerializer.Serialize(json, document, TraitsJson.Default.TraitsDocument),
        Table = document.Numbers,
    });

    /// <summary>Answers <c>/models/style</c>.</summary>
    public Task<PageContent> AnswerModelsAsync(HttpContext context) => OfAsync(context, "How models write", (page, document) =>
    {
        var table = Profiles(document);
        return page with
        {
            Body = () => Html.Of($"""
                <p>What an answer of each model has on average, over all turns of a battle.
                <a href="/models">How models fared</a></p>
                {DocumentBody.Of(table)}
                """),
            Table = table,
            WriteJson = json => WriteProfiles(json, table),
        };
    });

    private async Task<PageContent> OfAsync(HttpContext context, string title, Func<PageContent, TraitsDocument, PageContent> show)
    {
        _ = BattleQuery.Parse(context.Request.Query);
        if (!index.Progress.HasAllBattles)
            return DocumentPage.Saying(title, "This can be worked out when all battles have been read.");
        var item = work.Get("traits", (job, cancellationToken) => Task.FromResult<IDocument>(WorkOut(job, cancellationToken)));
        var page = await DocumentPage.OfAsync(title, item).ConfigureAwait(false);
        return item.Document.IsCompletedSuccessfully && await item.Document.ConfigureAwait(false) is TraitsDocument document
            ? show(page, document)
            : page;
    }

    private TraitsDocument WorkOut(App.JobContext job, CancellationToken cancellationToken)
    {
        var (numbers, battles, total) = index.Sample(Voted, MostBattles);
        var style = VotedStyle.Gather(battles, numbers.Count, threads, job.Progress, cancellationToken);
        return RewardedTraits.Of(style, total, threads, cancellationToken);
    }

    private static TextTable Profiles(TraitsDocument document) => new(
        "Style", ["Model", "Battles", "Tokens", "Headers", "List items", "Bold spans", "Code blocks", "Table rows", "Refuses"],
        [.. document.Models.OrderByDescending(model => model.Value.Battles).Select(model => (string[])
        [
            model.Key, NumberText.Count(model.Value.Battles), Mean(model.Value.Tokens, model, "N0"), Mean(model.Value.Headers, model, "F2"),
            Mean(model.Value.ListItems, model, "F2"), Mean(model.Value.Bold, model, "F2"), Mean(model.Value.CodeBlocks, model, "F2"),
            Mean(model.Value.TableRows, model, "F2"), NumberText.Percent(model.Value.Refusing, model.Value.Battles),
        ])]);

    private static string Mean(long sum, KeyValuePair<string, ModelStyle> model, string format) =>
        NumberText.Of((double)sum / model.Value.Battles, format);

    private static void WriteProfiles(Utf8JsonWriter json, TextTable table)
    {
        json.WriteStartObject();
        json.WriteStartArray("models");
        foreach (var row in table.Rows)
        {
            json.WriteStartObject();
            foreach (var (column, cell) in table.Columns.Zip(row))
                json.WriteString(column.ToLowerInvariant().Replace(' ', '_'), cell);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
