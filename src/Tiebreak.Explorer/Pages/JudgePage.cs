using Tiebreak.App.Evaluating;
using Tiebreak.App.Predicting;
using Tiebreak.App.Validating;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Judging;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Explorer.Work;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>
/// How well a judge says what people vote: calibration, confusion, loss by slice, worst misses, what its token budget cuts; and the report
/// of its validation.
/// </summary>
/// <param name="index">The battles.</param>
/// <param name="judges">The judges.</param>
/// <param name="predictions">Files of preferences, which are measured like judges.</param>
/// <param name="work">Evaluates in the background.</param>
internal sealed class JudgePage(BattleIndex index, JudgeShelf judges, PredictionShelf predictions, BackgroundWork work)
{
    private const int MostReadForBudget = 5_000;

    /// <summary>Answers <c>/judge</c>.</summary>
    public async Task<PageContent> AnswerAsync(HttpContext context)
    {
        if (Chosen(context) is not { } judge)
            return WithoutJudge("Judge");
        var title = $"Judge: {judge.Name}";
        if (!judge.IsReady)
            return NotReady(title);
        var item = work.Get($"judge {judge.Name}", async (job, cancellationToken) => judge.IsFile
            ? await new EvaluatePredictions { Predictions = judge.Source, Data = index.Files }
                .RunAsync(job, cancellationToken).ConfigureAwait(false)
            : await new EvaluateJudge { Judge = judge.Source, Data = index.Files }.RunAsync(job, cancellationToken).ConfigureAwait(false));
        var page = await DocumentPage.OfAsync(title, item, () => Choices("/judge", judge.Name)).ConfigureAwait(false);
        if (!item.Document.IsCompletedSuccessfully || await item.Document.ConfigureAwait(false) is not EvaluationDocument document)
            return page;
        var budget = judge.IsFile ? null : Budget(judge.Name);
        return page with
        {
            Changes = budget?.Document.IsCompleted == false,
            Body = () => Html.Of($"{page.Body()}{Misses(judge.Name, document)}{CutByBudget(budget)}"),
        };
    }

    /// <summary>Answers <c>/judge/validation</c>: what the judge can be used for.</summary>
    public Task<PageContent> AnswerValidationAsync(HttpContext context)
    {
        if (Chosen(context) is not { } judge)
            return Task.FromResult(WithoutJudge("Validation"));
        var title = $"Validation of {judge.Name}";
        if (!judge.IsReady)
            return Task.FromResult(NotReady(title));
        var item = work.Get($"validation {judge.Name}", async (job, cancellationToken) => judge.IsFile
            ? await new ValidatePredictions { Predictions = judge.Source, Data = index.Files }
                .RunAsync(job, cancellationToken).ConfigureAwait(false)
            : await new ValidateJudge { Judge = judge.Source, Data = index.Files }.RunAsync(job, cancellationToken).ConfigureAwait(false));
        return DocumentPage.OfAsync(title, item, () => Choices("/judge/validation", judge.Name));
    }

    private static PageContent WithoutJudge(string title) => DocumentPage.Saying(
        title,
        "The explorer was started without a judge. With `judge` BUNDLE, or the predictions of `run` FOLDER or "
        + "`predictions` FILE, this page says how well they foretell the votes.");

    private static PageContent NotReady(string title) =>
        DocumentPage.Saying(title, "The run has not ended; until then it has no preferences to be measured.");

    private MeasuredJudge? Chosen(HttpContext context)
    {
        var name = context.Request.Query["judge"].ToString() is { Length: > 0 } asked ? asked : Names().FirstOrDefault();
        if (name is null)
            return null;
        var isFile = predictions.Names.Contains(name, StringComparer.Ordinal);
        return new MeasuredJudge(name, isFile ? predictions.FileOf(name) : judges.FolderOf(name), isFile);
    }

    private string[] Names() => [.. judges.Names, .. predictions.ReadyNames];

    private Html Choices(string page, string name)
    {
        var (names, escaped) = (Names(), Uri.EscapeDataString(name));
        return Html.Of($"""
            <p class="row">{(names.Length == 1 ? [] : names.Select(one => string.Equals(one, name, StringComparison.Ordinal)
                ? Html.Of($"<b aria-current=\"true\">{one}</b>\n")
                : Html.Of($"<a href=\"{page}?judge={Uri.EscapeDataString(one)}\">{one}</a>\n")))}
            {(page is "/judge"
                ? Html.Of($"<a href=\"/judge/validation?judge={escaped}\">what it can be used for</a>")
                : Html.Of($"<a href=\"/judge?judge={escaped}\">how well it foretells the votes</a>"))}
            {(names.Length == 1 ? default : Html.Of($"<a href=\"/judges?judge={escaped}\">beside another</a>"))}</p>

            """);
    }

    private static Html Misses(string name, EvaluationDocument document) => Html.Of($"""
        <p><a href="/battles?judge={Uri.EscapeDataString(name)}&amp;sort=-loss">All battles by loss</a>.
        <a href="/battles?judge={Uri.EscapeDataString(name)}&amp;right=no&amp;sort=-confidence">Suspected errors of the votes</a>: those
        that the judge contradicts, where it is most certain first. Of votes that it has learned from it suspects few.</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Worst misses"><table>
        <thead>{Tables.Head("Battle", "Loss", "P(A)", "P(B)", "P(tie)")}</thead>
        <tbody>
        {document.Misses.Select(miss => Tables.Row(
            Html.Of($"<a href=\"/battle?id={Uri.EscapeDataString(miss.Id)}\">{miss.Id}</a>"), NumberText.Loss(miss.LogLoss),
            NumberText.Percent(miss.Predicted.A), NumberText.Percent(miss.Predicted.B), NumberText.Percent(miss.Predicted.Tie)))}</tbody>
        </table></div>

        """);

    /// <summary>What the token budget of a judge cuts of the battles; null for a judge that reads everything.</summary>
    private WorkItem? Budget(string name)
    {
        return judges.HasBudget(name) ? work.Get($"budget {name}", (_, cancellationToken) => CountAsync(cancellationToken)) : null;

        async Task<IDocument> CountAsync(CancellationToken cancellationToken)
        {
            var (_, battles, _) = index.Sample(BattleFilter.Everything, MostReadForBudget);
            return new CutDocument((await judges.TruncationAsync(name, [.. battles], cancellationToken).ConfigureAwait(false))!);
        }
    }

    private static Html CutByBudget(WorkItem? budget) => budget switch
    {
        null => default,
        { Document.IsCompletedSuccessfully: true } => DocumentBody.Of(budget.Document.Result),
        { Document.IsCompleted: true } => default,
        _ => Html.Of($"<p class=\"faint\">What the judge's token budget cuts of the battles is being counted.</p>\n"),
    };

    /// <summary>What is measured.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Source">The bundle or the file of preferences.</param>
    /// <param name="IsFile">Which of them it is.</param>
    private sealed record MeasuredJudge(string Name, string Source, bool IsFile)
    {
        public bool IsReady => !IsFile || File.Exists(Source);
    }

    /// <summary>What a token budget cuts.</summary>
    private sealed record CutDocument(Truncation Truncation) : IDocument
    {
        public string Title => "What the judge reads of the battles";

        public IEnumerable<Section> Sections() => Truncation.Details(Title);
    }
}
