using Microsoft.CodeAnalysis;

namespace Wrap;

/// <summary>A token of the line, or a whole interpolated string.</summary>
sealed record Item(int Start, int End, string Text, SyntaxToken Token, SyntaxNode? Interpolated)
{
    public SyntaxToken LastToken => Interpolated?.GetLastToken() ?? Token;
}

enum Kind { Open, Each, Comma, Binary, Conditional, Chain, Arrow, Lambda, Equals, Braces, Brackets, Other }

sealed record Break(int Item, int Delta, string Append = "");

/// <summary>Breaks that belong together.</summary>
sealed class Group
{
    public required int Id { get; init; }
    public required Kind Kind { get; init; }
    public required SyntaxNode Node { get; init; }
    public required List<Break> Breaks { get; init; }
    public required double Cost { get; init; }
    public required int Anchor { get; init; } // position in the text; its line gives the indentation
    public int Earlier { get; init; } // indentation to count from where the anchor lies on an earlier line
    public bool Aligns { get; init; } // no extra indentation where the anchor is the first of its line
    public bool IsTrailing { get; init; }
    public Group? Sibling { get; init; }
    public int MustStartLine { get; init; } = -1;
    public int Last { get; init; } = -1;
}

/// <summary>A string is cut at an offset of its source text.</summary>
sealed record Cut(int Item, int Offset, double Cost, Group Place, string? Callee)
{
    public string Suffix => (Callee is null ? "" : ")") + (Place.IsTrailing ? " +" : "");

    public string Prefix => (Place.IsTrailing ? "" : "+ ") + (Callee is null ? "" : Callee + "(");
}
