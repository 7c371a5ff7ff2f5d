using System.Globalization;
using System.Runtime.CompilerServices;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Tiebreak.Explorer.Rendering;

/// <summary>
/// Markdown that a model wrote, as HTML. Model output is hostile: Markdig only parses it, and what is written are the elements that stand
/// here, with escaped texts and no attribute that the text decides. HTML in the text is shown as text; links and images are shown with
/// their addresses and lead nowhere.
/// </summary>
internal static class MarkdownHtml
{
    // Longer texts are shown as they are written: nobody reads them, and parsing would hold up the page.
    private const int Longest = 200_000;

    private static readonly MarkdownPipeline Pipeline = CreatePipeline();

    /// <summary>The text as HTML blocks.</summary>
    public static Html Render(string text)
    {
        if (text.Length > Longest)
            return Plain(text);
        try
        {
            return Blocks(Markdown.Parse(text, Pipeline));
        }
        catch (Exception exception) when (exception is ArgumentException or InsufficientExecutionStackException)
        {
            return Plain(text); // nested deeper than any person writes
        }
    }

    /// <summary>The text as it is written.</summary>
    public static Html Plain(string text) => Html.Of($"""<div class="plain" dir="auto">{text}</div>""");

    private static MarkdownPipeline CreatePipeline()
    {
        var builder = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseTaskLists().UseMathematics()
            .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough);
        builder.InlineParsers.InsertBefore<EscapeInlineParser>(new FormulaParser());
        return builder.Build();
    }

    private static Html Blocks(ContainerBlock container) => Html.Join(container.Select(BlockOf));

    private static Html BlockOf(Block block)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return block switch
        {
            HeadingBlock heading => Heading(heading),
            ParagraphBlock paragraph => Html.Of($"<p dir=\"auto\">{Inlines(paragraph.Inline)}</p>\n"),
            ListBlock { IsOrdered: true } list => Html.Of($"<ol start=\"{StartOf(list)}\">{Items(list)}</ol>\n"),
            ListBlock list => Html.Of($"<ul>{Items(list)}</ul>\n"),
            QuoteBlock quote => Html.Of($"<blockquote>{Blocks(quote)}</blockquote>\n"),
            ThematicBreakBlock => Html.Of($"<hr>\n"),
            Table table => Html.Of($"<div class=\"scroll\" tabindex=\"0\"><table>{table.OfType<TableRow>().Select(Row)}</table></div>\n"),
            FencedCodeBlock code => Code(code, code.Info),
            CodeBlock code => Code(code, language: null),
            LinkReferenceDefinitionGroup links => Html.Of(
                $"<p class=\"faint\">{links.OfType<LinkReferenceDefinition>().Select(Link)}</p>\n"),
            ContainerBlock container => Blocks(container),
            LeafBlock leaf => leaf.Inline is null
                ? Html.Of($"<p dir=\"auto\">{leaf.Lines.ToString()}</p>\n")
                : Html.Of($"<p dir=\"auto\">{Inlines(leaf.Inline)}</p>\n"),
            _ => default,
        };
    }

    // The page's own headings are above those of an answer.
    private static Html Heading(HeadingBlock heading) => heading.Level switch
    {
        1 => Html.Of($"<h4 dir=\"auto\">{Inlines(heading.Inline)}</h4>\n"),
        2 => Html.Of($"<h5 dir=\"auto\">{Inlines(heading.Inline)}</h5>\n"),
        _ => Html.Of($"<h6 dir=\"auto\">{Inlines(heading.Inline)}</h6>\n"),
    };

    private static Html Code(CodeBlock code, string? language) => Html.Of(
        $"<pre class=\"code\" tabindex=\"0\" dir=\"ltr\">{LanguageLabel(language)}<code>{code.Lines.ToString()}</code></pre>\n");

    private static Html LanguageLabel(string? language) =>
        string.IsNullOrWhiteSpace(language) ? default : Html.Of($"<span class=\"language\">{language}</span>");

    private static int StartOf(ListBlock list) => int.TryParse(list.OrderedStart, CultureInfo.InvariantCulture, out var start) ? start : 1;

    private static IEnumerable<Html> Items(ListBlock list) =>
        list.OfType<ListItemBlock>().Select(item => Html.Of($"<li dir=\"auto\">{(list.IsLoose ? Blocks(item) : Tight(item))}</li>\n"));

    private static Html Tight(ListItemBlock item) => Html.Join(
        item.Select(block => block is ParagraphBlock paragraph ? Inlines(paragraph.Inline) : BlockOf(block)));

    private static Html Row(TableRow row) => Html.Of($"<tr>{row.OfType<TableCell>().Select(cell => Cell(cell, row.IsHeader))}</tr>\n");

    private static Html Cell(TableCell cell, bool isHeader)
    {
        var content = Html.Join(cell.Select(block => block is ParagraphBlock paragraph ? Inlines(paragraph.Inline) : BlockOf(block)));
        return isHeader ? Html.Of($"<th dir=\"auto\">{content}</th>") : Html.Of($"<td dir=\"auto\">{content}</td>");
    }

    private static Html Link(LinkReferenceDefinition link) => Html.Of($"[{link.Label}]: {Address(link.Url)}<br>");

    private static Html Inlines(ContainerInline? container) => container is null ? default : Html.Join(container.Select(InlineOf));

    private static Html InlineOf(Inline inline)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return inline switch
        {
            LiteralInline literal => Html.Text(literal.Content.ToString()),
            CodeInline code => Html.Of($"<code>{code.Content}</code>"),
            EmphasisInline emphasis => Emphasis(emphasis),
            LinkInline { IsImage: true } image => Html.Of($"<span class=\"link\">[image: {Inlines(image)}]</span> {Address(image.Url)}"),
            LinkInline link => Html.Of($"<span class=\"link\">{Inlines(link)}</span> {Address(link.Url)}"),
            AutolinkInline link => Address(link.Url),
            LineBreakInline => Html.Of($"<br>\n"),
            HtmlEntityInline entity => Html.Text(entity.Transcoded.ToString()),
            HtmlInline html => Html.Text(html.Tag),
            MathInline formula => Formula(formula),
            TaskList task => Html.Text(task.Checked ? "☑" : "☐"),
            ContainerInline container => Inlines(container),
            _ => Html.Text(inline.ToString()),
        };
    }

    private static Html Emphasis(EmphasisInline emphasis) => (emphasis.DelimiterChar, emphasis.DelimiterCount) switch
    {
        ('~', _) => Html.Of($"<del>{Inlines(emphasis)}</del>"),
        (_, 1) => Html.Of($"<em>{Inlines(emphasis)}</em>"),
        _ => Html.Of($"<strong>{Inlines(emphasis)}</strong>"),
    };

    private static Html Formula(MathInline formula)
    {
        var delimiter = new string('$', formula.DelimiterCount);
        return Html.Of($"<code class=\"formula\">{delimiter}{formula.Content.ToString()}{delimiter}</code>");
    }

    private static Html Address(string? address) =>
        string.IsNullOrEmpty(address) ? default : Html.Of($"<code class=\"address\">{address}</code>");
}
