using System.Text.Json;
using Tiebreak.App;
using Tiebreak.Core;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Explorer.Work;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>Pages whose content is a document of the library, perhaps one that is still being worked out.</summary>
internal static class DocumentPage
{
    /// <summary>A document as a page.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="document">The document.</param>
    /// <param name="above">What stands above it: choices and links.</param>
    public static PageContent Of(string title, IDocument document, Func<Html>? above = null) =>
        new(title, () => Html.Of($"{above?.Invoke()}{DocumentBody.Of(document)}"))
        {
            WriteJson = json => JsonSerializer.Serialize(json, document, document.GetType(), AppJson.Default),
            Table = document.Sections().OfType<TextTable>().FirstOrDefault(table => table.On is not Medium.Terminal),
        };

    /// <summary>
    /// A document that is worked out in the background: how far it is, then the document, or in a sentence why there can be none of these
    /// battles.
    /// </summary>
    public static async Task<PageContent> OfAsync(string title, WorkItem work, Func<Html>? above = null)
    {
        if (!work.Document.IsCompleted)
            return Waiting(title, work, above);
        try
        {
            var page = Of(title, await work.Document.ConfigureAwait(false), above);
            return page with { Body = () => Html.Of($"{work.Remarks.Select(Notice)}{page.Body()}") };
        }
        catch (InputException exception)
        {
            return Saying(title, exception.Message, above);
        }
    }

    /// <summary>A page that says something instead of showing it.</summary>
    public static PageContent Saying(string title, string sentence, Func<Html>? above = null) =>
        new(title, () => Html.Of($"{above?.Invoke()}{Notice(sentence)}"))
        {
            WriteJson = json =>
            {
                json.WriteStartObject();
                json.WriteString("note", sentence);
                json.WriteEndObject();
            },
        };

    /// <summary>A sentence that stands apart from what a page shows.</summary>
    public static Html Notice(string sentence) => Html.Of($"<p class=\"notice\">{Sentence.Of(sentence)}</p>\n");

    private static PageContent Waiting(string title, WorkItem work, Func<Html>? above)
    {
        var (share, stage) = work.Last is { Total: > 0 } last
            ? (Invariant($", {(double)last.Done / last.Total:P0}"), last.Stage)
            : ("", "waiting for its turn");
        return Saying(title, $"This is being worked out: {stage}{share}. Load the page again in a moment.", above) with { Changes = true };
    }
}
