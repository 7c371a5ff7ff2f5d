using Tiebreak.App.Comparing;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Explorer.Judging;
using Tiebreak.Explorer.Rendering;

namespace Tiebreak.Explorer.Pages;

/// <summary>Asks a judge about a prompt and two answers that somebody pastes.</summary>
/// <param name="judges">The judges.</param>
internal sealed class ComparePage(JudgeShelf judges)
{
    private const int LongestText = 200_000;

    /// <summary>Answers <c>/compare</c>: the empty form, or with a posted form also what the judge says.</summary>
    public async Task<PageContent> AnswerAsync(HttpContext context)
    {
        if (judges.Names.Count == 0)
        {
            return DocumentPage.Saying(
                "Compare",
                "The explorer was started without a judge. With `judge` BUNDLE, this page says which of two answers people would prefer.");
        }

        if (!HttpMethods.IsPost(context.Request.Method))
            return DocumentPage.Saying("Compare", "Post prompt, a and b.") with { Body = () => Fields("", "", "", judge: null) };

        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        var (prompt, a, b) = (Text(form, "prompt"), Text(form, "a"), Text(form, "b"));
        var name = form["judge"].ToString() is { Length: > 0 } chosen ? chosen : judges.Names[0];
        var battle = new Battle { Id = "compared", Turns = [new Turn(prompt, a, b)] };
        var document = await judges.AskAsync(name, battle, context.RequestAborted).ConfigureAwait(false);
        return DocumentPage.Of("Compare", document, () => Html.Of($"{Fields(prompt, a, b, name)}{Answer(document)}"));
    }

    private static string Text(IFormCollection form, string name) => form[name].ToString() is { Length: <= LongestText } text
        ? text.ReplaceLineEndings("\n")
        : throw new InputException($"A text may have at most {LongestText:N0} characters.");

    private static Html Answer(ComparisonDocument document)
    {
        var preference = document.Preference;
        return Html.Of($"""
            <section aria-label="Answer"><h2>People would prefer</h2>
            {Badges.Bar("Probabilities of A, tie and B", ("a", preference.A), ("tie", preference.Tie), ("b", preference.B))}
            <p>A {preference.A:P1} &#160; tie {preference.Tie:P1} &#160; B {preference.B:P1}</p></section>

            """);
    }

    private Html Fields(string prompt, string a, string b, string? judge) => Html.Of($"""
        <form method="post" action="/compare">
        <label>Prompt<textarea name="prompt" rows="4" data-key="/" required>{prompt}</textarea></label>
        <div class="sides"><label>Answer A<textarea name="a" rows="10">{a}</textarea></label>
        <label>Answer B<textarea name="b" rows="10">{b}</textarea></label></div>
        <p class="row">{Judges(judge)} <button class="main">Ask</button></p>
        </form>

        """);

    private Html Judges(string? judge) => judges.Names.Count == 1
        ? Html.Of($"<span>Judge: {judges.Names[0]}</span>")
        : Form.Select("judge", "Judge", judges.Names[0], judges.Names.Skip(1).Select(name => (name, name)), judge);
}
