using Tiebreak.App.Evaluating;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Judging;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Explorer.Work;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>How well a judge says what people vote: calibration, confusion, loss by slice, worst misses.</summary>
/// <param name="index">The battles.</param>
/// <param name="judges">The judges.</param>
/// <param name="predictions">Files of preferences, which are measured like judges.</param>
/// <param name="work">Evaluates in the background.</param>
internal sealed class JudgePage(BattleIndex index, JudgeShelf judges, PredictionShelf predictions, BackgroundWork work)
{
    /// <summary>Answers <c>/judge</c>.</summary>
    public async Task<PageContent> AnswerAsync(HttpContext context)
    {
        string[] names = [.. judges.Names, .. predictions.ReadyNames];
        var name = context.Request.Query["judge"].ToString() is { Length: > 0 } asked ? asked : names.FirstOrDefault();
        if (name is null)
        {
            return DocumentPage.Saying(
                "Judge",
                "The explorer was started without a judge. With `judge` BUNDLE, or the predictions of `run` FOLDER or "
                + "`predictions` FILE, this page says how well they foretell the votes.");
        }

        var isPredicted = predictions.Names.Contains(name, StringComparer.Ordinal);
        var source = isPredicted ? predictions.FileOf(name) : judges.FolderOf(name);
        if (isPredicted && !File.Exists(source))
            return DocumentPage.Saying($"Judge {name}", "The run has not ended; until then it has no preferences to be measured.");
        var item = work.Get($"judge {name}", async (job, cancellationToken) => isPredicted
            ? await new EvaluatePredictions { Predictions = source, Data = index.Files }
                .RunAsync(job, cancellationToken).ConfigureAwait(false)
            : await new EvaluateJudge { Judge = source, Data = index.Files }.RunAsync(job, cancellationToken).ConfigureAwait(false));
        var page = await DocumentPage.OfAsync($"Judge {name}", item, () => Choices(names, name)).ConfigureAwait(false);
        return item.Document.IsCompletedSuccessfully && await item.Document.ConfigureAwait(false) is EvaluationDocument document
            ? page with { Body = () => Html.Of($"{page.Body()}{Misses(name, document)}") }
            : page;
    }

    private static Html Choices(string[] names, string name) => names.Length == 1
        ? default
        : Html.Of($"""
            <p class="row">{names.Select(one => string.Equals(one, name, StringComparison.Ordinal)
                ? Html.Of($"<b aria-current=\"true\">{one}</b>\n")
                : Html.Of($"<a href=\"/judge?judge={Uri.EscapeDataString(one)}\">{one}</a>\n"))}
            <a href="/judges?judge={Uri.EscapeDataString(name)}">beside another</a></p>

            """);

    private static Html Misses(string name, EvaluationDocument document) => Html.Of($"""
        <p><a href="/battles?judge={Uri.EscapeDataString(name)}&amp;sort=-loss">All battles by loss</a>,
        <a href="/battles?judge={Uri.EscapeDataString(name)}&amp;right=no&amp;sort=-confidence">its errors, the most certain
        first</a>.</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Worst misses"><table>
        <thead>{Tables.Head("Battle", "Loss", "P(A)", "P(B)", "P(tie)")}</thead>
        <tbody>
        {document.Misses.Select(miss => Tables.Row(
            Html.Of($"<a href=\"/battle?id={Uri.EscapeDataString(miss.Id)}\">{miss.Id}</a>"), NumberText.Loss(miss.LogLoss),
            NumberText.Percent(miss.Predicted.A), NumberText.Percent(miss.Predicted.B), NumberText.Percent(miss.Predicted.Tie)))}</tbody>
        </table></div>

        """);
}
