using Markdig.Extensions.Mathematics;
using Markdig.Helpers;
using Markdig.Parsers;

namespace Tiebreak.Explorer.Rendering;

/// <summary>
/// Keeps formulas between <c>\(</c> and <c>\)</c> or <c>\[</c> and <c>\]</c> as they are written; Markdown would take the backslashes for
/// escapes and underscores for emphasis. Those between dollar signs are found by Markdig.
/// </summary>
internal sealed class FormulaParser : InlineParser
{
    public FormulaParser() => OpeningCharacters = ['\\'];

    /// <inheritdoc/>
    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (slice.PeekChar() is not (('(' or '[') and var open))
            return false;
        var text = slice.AsSpan();
        var end = text.IndexOf(open is '(' ? "\\)" : "\\]", StringComparison.Ordinal);
        if (end < 0)
            return false;

        var length = end + 2;
        processor.Inline = new MathInline
        {
            DelimiterCount = 0,
            Content = new StringSlice(slice.Text, slice.Start, slice.Start + length - 1),
        };
        slice.Start += length;
        return true;
    }
}
