using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Wrap;

/// <summary>Where strings may be cut, and the text of the parts.</summary>
static class Strings
{
    static readonly string[] Formattable = ["Format", "Print", "Invariant", "Line", "FormattableString.Invariant"];

    public static ExpressionSyntax? Cuttable(Item item)
    {
        ExpressionSyntax? node = item.Interpolated is InterpolatedStringExpressionSyntax interpolated
            ? interpolated.StringStartToken.Text == "$\"" ? interpolated : null
            : item.Token.IsKind(SyntaxKind.StringLiteralToken) && item.Token.Text.StartsWith('"') && item.Token.Parent is LiteralExpressionSyntax literal ? literal : null;
        if (node is null)
            return null;
        var isPlaceGood = node.Parent switch
        {
            ArgumentSyntax argument => node is LiteralExpressionSyntax || !TakesFormattable(argument),
            AttributeArgumentSyntax or EqualsValueClauseSyntax or ArrowExpressionClauseSyntax or LambdaExpressionSyntax or ReturnStatementSyntax => true,
            AssignmentExpressionSyntax or ExpressionElementSyntax or InitializerExpressionSyntax or ParenthesizedExpressionSyntax => true,
            YieldStatementSyntax => true,
            SwitchExpressionArmSyntax => true,
            ConditionalExpressionSyntax conditional => conditional.Condition != node,
            BinaryExpressionSyntax binary => binary.IsKind(SyntaxKind.AddExpression) || (binary.IsKind(SyntaxKind.CoalesceExpression) && binary.Right == node),
            _ => false,
        };
        return isPlaceGood ? node : null;
    }

    static bool TakesFormattable(ArgumentSyntax argument)
    {
        var name = argument.Parent?.Parent is InvocationExpressionSyntax call
            ? call.Expression switch { MemberAccessExpressionSyntax m => m.Name.Identifier.Text, IdentifierNameSyntax i => i.Identifier.Text, _ => "" }
            : "";
        return Formattable.Contains(name) || (name == "Append" && argument.SyntaxTree.ToString().Contains("void Append(FormattableString"));
    }

    /// <summary>
    /// A text for a parameter of type FormattableString cannot be a sum, but the call of which it is the only argument can: Format(a) + Format(b).
    /// </summary>
    public static InvocationExpressionSyntax? CuttableCall(Item item)
    {
        if (item.Interpolated is not InterpolatedStringExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } } text
            || text.StringStartToken.Text != "$\"" || call.ArgumentList.Arguments.Count != 1 || call.Expression.ToString() is not ("Format" or "FormattableString.Invariant"))
            return null;
        return call.Parent is ArgumentSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax or AssignmentExpressionSyntax or EqualsValueClauseSyntax
            or ExpressionElementSyntax or InitializerExpressionSyntax or SwitchExpressionArmSyntax or LambdaExpressionSyntax
            || (call.Parent is ConditionalExpressionSyntax c && c.Condition != call)
            || (call.Parent is BinaryExpressionSyntax b && b.IsKind(SyntaxKind.AddExpression)) ? call : null;
    }

    public static bool HasHole(Item item, int from, int to) => item.Interpolated is InterpolatedStringExpressionSyntax text
        && text.Contents.OfType<InterpolationSyntax>().Any(hole => hole.SpanStart - item.Start >= from && hole.Span.End - item.Start <= to);

    public static bool KeepsDollar(ExpressionSyntax node)
    {
        SyntaxNode top = node;
        while (top.Parent is BinaryExpressionSyntax or ParenthesizedExpressionSyntax)
            top = top.Parent;
        return top.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax m } }
            && m.Name.Identifier.Text is "Create" or "Append" or "AppendLine";
    }

    /// <summary>Offsets in the source text of the item at which it may be cut, with a cost.</summary>
    public static List<(int Offset, double Cost)> Offsets(Item item)
    {
        var result = new List<(int, double)>();
        var source = item.Text;
        var inHole = new bool[source.Length + 1];
        var holeStarts = new List<int>();
        if (item.Interpolated is InterpolatedStringExpressionSyntax interpolated)
        {
            foreach (var hole in interpolated.Contents.OfType<InterpolationSyntax>())
            {
                for (var i = hole.SpanStart - item.Start + 1; i < hole.Span.End - item.Start; i++)
                    inHole[i] = true;
                holeStarts.Add(hole.SpanStart - item.Start);
            }
        }

        var first = item.Interpolated is null ? 1 : 2;
        for (var i = first + 1; i < source.Length - 1; i++)
        {
            if (inHole[i])
                continue;
            if (source[i - 1] == ' ' && !inHole[i - 1] && source[i] != ' ')
            {
                var before = i >= 2 ? source[i - 2] : ' ';
                result.Add((i, before is '.' or '!' or '?' ? 0 : before is ';' or ':' ? 0.3 : before is ',' ? 0.5 : 0.8));
            }
            else if (holeStarts.Contains(i) && !char.IsLetterOrDigit(source[i - 1]) && source[i - 1] is not '"' and not '(' and not '\\')
            {
                result.Add((i, 2.5));
            }
            else if (i >= 4 && source[i - 2] == '\\' && source[i - 1] == 'n' && source[i - 3] != '\\')
            {
                result.Add((i, 0.2));
            }
        }

        return result;
    }

    /// <summary>The source of a part of the literal.</summary>
    public static string Part(Item item, int from, int to)
    {
        var source = item.Text;
        if (item.Interpolated is not InterpolatedStringExpressionSyntax interpolated)
            return (from == 0 ? "" : "\"") + source[from..to] + (to == source.Length ? "" : "\"");
        var hasHole = interpolated.Contents.OfType<InterpolationSyntax>()
            .Any(hole => hole.SpanStart - item.Start >= from && hole.Span.End - item.Start <= to);
        var inner = source[(from == 0 ? 2 : from)..(to == source.Length ? to - 1 : to)];
        return hasHole || KeepsDollar(interpolated) || CuttableCall(item) is not null
            ? "$\"" + inner + "\""
            : "\"" + inner.Replace("{{", "{").Replace("}}", "}") + "\"";
    }
}
