using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Wrap;

static partial class CommentWrap
{
    [GeneratedRegex(@"^(?<indent> *)(?<mark>///?)(?<blank> ?)(?<text>.*)$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^<(?<tag>summary|param|returns|remarks|exception|typeparam|value)(?<attributes>( [^>]*)?)>(?<text>.*)</\k<tag>>$")]
    private static partial Regex OneLine();

    [GeneratedRegex(@"(?:<c>[^<]*</c>|<[^>]*>|[^\s<])+")]
    private static partial Regex Words();

    [GeneratedRegex(@"^(</?(para|item|list|listheader|term|description|code|summary|param|returns|remarks|exception|typeparam|value|inheritdoc|example|seealso)\b|[-*|] |\d+[.)] |  )")]
    private static partial Regex NewParagraph();

    public static bool IsComment(SyntaxTree tree, List<string> lines, int i)
    {
        var match = Comment().Match(lines[i]);
        if (!match.Success)
            return false;
        var position = lines.Take(i).Sum(l => l.Length + 1) + match.Groups["mark"].Index;
        var trivia = tree.GetRoot().FindTrivia(position, findInsideTrivia: false);
        return trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia);
    }

    public static bool Wrap(List<string> lines, int i, int limit)
    {
        var match = Comment().Match(lines[i]);
        var prefix = match.Groups["indent"].Value + match.Groups["mark"].Value + " ";
        var text = match.Groups["text"].Value;
        if (match.Groups["mark"].Value == "///" && OneLine().Match(text) is { Success: true } one)
        {
            var tag = one.Groups["tag"].Value;
            lines.RemoveAt(i);
            lines.InsertRange(i, [$"{prefix}<{tag}{one.Groups["attributes"].Value}>", prefix + one.Groups["text"].Value.Trim(), $"{prefix}</{tag}>"]);
            return true;
        }

        // Tables and pictures stay.
        if (text.StartsWith("  ") || text.Contains("   ") || match.Groups["blank"].Value.Length == 0)
            return false;

        var words = Words().Matches(text);
        var room = limit - prefix.Length;
        var keep = 0;
        for (var w = 1; w < words.Count; w++)
        {
            if (words[w - 1].Index + words[w - 1].Length <= room)
                keep = w;
        }

        if (keep == 0 || keep >= words.Count)
            return false;
        var rest = text[words[keep].Index..].Trim();
        lines[i] = prefix + text[..words[keep].Index].TrimEnd();
        if (i + 1 < lines.Count && Comment().Match(lines[i + 1]) is { Success: true } next
            && next.Groups["indent"].Value == match.Groups["indent"].Value && next.Groups["mark"].Value == match.Groups["mark"].Value
            && next.Groups["text"].Value.Length > 0 && !NewParagraph().IsMatch(next.Groups["text"].Value))
        {
            lines[i + 1] = prefix + rest + " " + next.Groups["text"].Value;
        }
        else
        {
            lines.Insert(i + 1, prefix + rest);
        }

        return true;
    }
}
