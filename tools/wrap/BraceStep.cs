using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Wrap;

/// <summary>Statements of several lines stand in braces (csharp_prefer_braces = when_multiline).</summary>
static class BraceStep
{
    public static string Add(string text)
    {
        while (true)
        {
            var tree = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview));
            var source = tree.GetText();
            int Line(int position) => source.Lines.GetLineFromPosition(position).LineNumber;
            var found = tree.GetRoot().DescendantNodes().OfType<StatementSyntax>()
                .Where(s => s is not IfStatementSyntax { Parent: ElseClauseSyntax })
                .Select(s => Branches(s)).FirstOrDefault(b => b.Any(x => x.Body is not BlockSyntax) && b.Any(NeedsBraces));
            if (found is null)
                return text;
            var lines = text.Split('\n').ToList();
            foreach (var (head, headEnd, body) in Enumerable.Reverse(found))
            {
                if (body is BlockSyntax)
                    continue;
                var headLine = source.Lines.GetLineFromPosition(head).ToString();
                var indent = new string(' ', headLine.Length - headLine.TrimStart().Length);
                var (first, last) = (Line(headEnd) + 1, Line(body.Span.End));
                if (last < first)
                    throw new InvalidOperationException("body on the line of its head: " + headLine);
                lines.Insert(last + 1, indent + "}");
                if (last + 2 < lines.Count && lines[last + 2].Trim() is not "" && !lines[last + 2].Trim().StartsWith('}') && !lines[last + 2].Trim().StartsWith("else"))
                    lines.Insert(last + 2, "");
                lines.Insert(first, indent + "{");
            }

            text = string.Join('\n', lines);

            bool NeedsBraces((int Head, int HeadEnd, StatementSyntax Body) b) =>
                b.Body is not BlockSyntax && (Line(b.Body.SpanStart) != Line(b.Body.Span.End) || Line(b.Head) != Line(b.HeadEnd));
        }
    }

    /// <summary>The start and the end of the head of each branch, and its body.</summary>
    static List<(int Head, int HeadEnd, StatementSyntax Body)> Branches(StatementSyntax statement)
    {
        switch (statement)
        {
            case IfStatementSyntax branch:
            {
                var list = new List<(int, int, StatementSyntax)>();
                IfStatementSyntax? current = branch;
                while (current is not null)
                {
                    list.Add((current.SpanStart, current.CloseParenToken.Span.End - 1, current.Statement));
                    var next = current.Else?.Statement as IfStatementSyntax;
                    if (current.Else is { } other && next is null)
                        list.Add((other.SpanStart, other.ElseKeyword.Span.End - 1, other.Statement));
                    current = next;
                }

                return list;
            }

            case CommonForEachStatementSyntax loop:
                return [(loop.SpanStart, loop.CloseParenToken.Span.End - 1, loop.Statement)];
            case ForStatementSyntax loop:
                return [(loop.SpanStart, loop.CloseParenToken.Span.End - 1, loop.Statement)];
            case WhileStatementSyntax loop:
                return [(loop.SpanStart, loop.CloseParenToken.Span.End - 1, loop.Statement)];
            case FixedStatementSyntax block:
                return [(block.SpanStart, block.CloseParenToken.Span.End - 1, block.Statement)];
            case LockStatementSyntax block:
                return [(block.SpanStart, block.CloseParenToken.Span.End - 1, block.Statement)];
            case UsingStatementSyntax { Statement: not UsingStatementSyntax } block:
                return [(block.SpanStart, block.CloseParenToken.Span.End - 1, block.Statement)];
            default:
                return [];
        }
    }
}
