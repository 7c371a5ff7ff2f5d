using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Explorer.Server;

namespace Tiebreak.Explorer.Pages;

/// <summary>What is around every page: head, navigation, foot.</summary>
/// <param name="Files">The names of the files that are explored.</param>
/// <param name="Progress">How far their index is.</param>
internal sealed record PageFrame(string Files, IndexProgress Progress)
{
    /// <summary>The whole page.</summary>
    /// <param name="content">What it is about.</param>
    /// <param name="path">Its address.</param>
    /// <param name="query">Its query string, with the question mark where there is one.</param>
    public Html Render(PageContent content, string path, string query)
    {
        var current = Navigation.Of(path);
        return Html.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>{content.Title} · Tiebreak</title>
            <link rel="icon" href="{Asset.Icon.Address}">
            <link rel="stylesheet" href="{Asset.Style.Address}">
            <script src="{Asset.Script.Address}" defer></script>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the content</a>
            <header><div class="bar">
            <a class="brand" href="/">Tiebreak</a>
            <nav aria-label="Pages"><ul>
            {Navigation.All.Select(one => Entry(one, isCurrent: one == current))}</ul></nav>
            <span class="files" title="{Files}">{Files}</span>
            </div></header>
            <main id="main">
            {(content.HasHeading ? Html.Of($"<h1>{content.Title}</h1>\n") : default)}{Notice()}{content.Body()}
            </main>
            <footer>
            {Data(content, path, query)}
            </footer>
            </body>
            </html>

            """);
    }

    // Shown by the script, which does it.
    private static Html Follow => Html.Of($"""
        <span id="follow" hidden><label><input type="checkbox" checked> Keep up to date</label></span>
        """);

    private static Html Entry(Navigation entry, bool isCurrent) => isCurrent
        ? Html.Of($"<li><a href=\"{entry.Path}\" aria-current=\"page\">{entry.Name}</a></li>\n")
        : Html.Of($"<li><a href=\"{entry.Path}\">{entry.Name}</a></li>\n");

    private Html Notice() => Progress switch
    {
        { Failure: { } failure } => Html.Of($"<p class=\"notice bad\" role=\"alert\">The index is not complete: {failure}</p>\n"),
        { IsComplete: true } or { Stage: "complete" } => default,
        _ => Html.Of(
            $"""
            <p class="notice" role="status">{Progress.Battles:N0} battles can be browsed so far; {Progress.Stage}{Share()}{Left()}.</p>

            """),
    };

    private string Share() => Progress.Total > 0 ? Invariant($", {(double)Progress.Done / Progress.Total:P0}") : "";

    private string Left() => Progress.Left is { } left ? Invariant($", about {Math.Ceiling(left.TotalSeconds):N0} s left") : "";

    private static Html Data(PageContent content, string path, string query)
    {
        var file = path is "/" ? "/overview" : path;
        return Html.Of($"""
            Data of this page: <a href="{file}.json{query}">JSON</a>
            {(content.Table is null ? default : Html.Of($"<a href=\"{file}.csv{query}\">CSV</a>"))}
            {(content.Changes ? Follow : default)}
            <span id="keys" hidden><label><input type="checkbox"> Keys</label>: <kbd>/</kbd> search, <kbd>j</kbd> <kbd>k</kbd> next and
            previous.</span>
            """);
    }
}
