using System.Text;
using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Hosting.Problems;
using Tiebreak.Hosting.Serving;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>Answers an address as a page, and the same address with <c>.json</c> and <c>.csv</c> as data.</summary>
/// <param name="frame">What is around the page now.</param>
/// <param name="log">Where defects are logged.</param>
internal sealed class ExplorerPage(Func<PageFrame> frame, ILoggerFactory log)
{
    /// <summary>Maps the three addresses of a page.</summary>
    /// <param name="routes">Where.</param>
    /// <param name="pattern">The address of the page.</param>
    /// <param name="answer">Works out what it shows.</param>
    public void Map(IEndpointRouteBuilder routes, string pattern, Func<HttpContext, Task<PageContent>> answer)
    {
        var data = pattern is "/" ? "/overview" : pattern;
        routes.MapGet(pattern, Explained(async context => await SendAsync(context, await answer(context).ConfigureAwait(false))
            .ConfigureAwait(false)));
        routes.MapGet($"{data}.json", ProblemAnswers.Guarding(async context => await SendJsonAsync(
            context, (await answer(context).ConfigureAwait(false)).WriteJson).ConfigureAwait(false)));
        routes.MapGet($"{data}.csv", ProblemAnswers.Guarding(async context => await SendCsvAsync(
            context, (await answer(context).ConfigureAwait(false)).Table).ConfigureAwait(false)));
    }

    /// <summary>Sends a page.</summary>
    public Task SendAsync(HttpContext context, PageContent content)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        var page = frame().Render(content, context.Request.Path.Value ?? "/", context.Request.QueryString.Value ?? "");
        return context.Response.WriteAsync(page.ToString(), context.RequestAborted);
    }

    /// <summary>A handler whose errors become pages.</summary>
    public RequestDelegate Explained(RequestDelegate handler) => async context =>
    {
        try
        {
            await handler(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var problem = ProblemAnswers.Of(exception);
            if (problem.Code is ApiCodes.Internal)
                ServingLog.Failed(log.CreateLogger<ExplorerPage>(), context.Request.Path, exception);
            context.Response.StatusCode = problem.Status;
            await SendAsync(context, Of(problem)).ConfigureAwait(false);
        }
    };

    /// <summary>A problem as a page.</summary>
    public static PageContent Of(Problem problem) => new(HeadingOf(problem.Status), () => Html.Of($"""
        <p class="notice bad" role="alert">{Sentence.Of(problem.Detail)}</p>

        """))
    {
        WriteJson = json => JsonSerializer.Serialize(json, problem, Hosting.ApiJson.Default.Problem),
    };

    private static string HeadingOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => "Not found",
        StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => "Not allowed",
        >= StatusCodes.Status500InternalServerError => "Something went wrong",
        _ => "This cannot be shown",
    };

    private static async Task SendJsonAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Indented = true }))
            write(json);
        body.Position = 0;
        await body.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private static Task SendCsvAsync(HttpContext context, TextTable? table)
    {
        if (table is null)
            throw new InputException("This page is no table; ask for .json.");
        var text = new StringBuilder();
        foreach (var row in table.Rows.Prepend([.. table.Columns.Select(column => column.Replace('\n', ' '))]))
            text.AppendJoin(',', row.Select(CsvText.Quote)).Append('\n');
        context.Response.ContentType = "text/csv; charset=utf-8";
        return context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }
}
