using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Syntax;

/// <summary>A part of a template that has a value.</summary>
/// <param name="Line">Line of the template, from 1.</param>
internal abstract record Expression(int Line);

internal sealed record Literal(Value Value, int Line) : Expression(Line);

internal sealed record Name(string Identifier, int Line) : Expression(Line);

internal sealed record ListLiteral(IReadOnlyList<Expression> Items, bool IsTuple, int Line) : Expression(Line);

internal sealed record DictLiteral(IReadOnlyList<(Expression Key, Expression Value)> Entries, int Line) : Expression(Line);

/// <summary><c>target.name</c></summary>
internal sealed record AttributeAccess(Expression Target, string Attribute, int Line) : Expression(Line);

/// <summary><c>target[key]</c></summary>
internal sealed record ItemAccess(Expression Target, Expression Key, int Line) : Expression(Line);

/// <summary><c>target[start:stop:step]</c></summary>
internal sealed record SliceAccess(Expression Target, Expression? Start, Expression? Stop, Expression? Step, int Line) : Expression(Line);

internal sealed record Call(Expression Function, CallArguments Arguments, int Line) : Expression(Line);

internal sealed record FilterCall(Expression Operand, FilterUse Filter, int Line) : Expression(Line);

internal sealed record TestCall(Expression Operand, string Test, CallArguments Arguments, int Line) : Expression(Line);

internal sealed record Negation(Expression Operand, int Line) : Expression(Line);

internal sealed record UnaryOperation(string Operator, Expression Operand, int Line) : Expression(Line);

internal sealed record BinaryOperation(string Operator, Expression Left, Expression Right, int Line) : Expression(Line);

/// <summary><c>a ~ b ~ c</c></summary>
internal sealed record Concatenation(IReadOnlyList<Expression> Parts, int Line) : Expression(Line);

/// <summary><c>a &lt; b == c</c>: each neighbouring pair must hold.</summary>
internal sealed record ComparisonChain(Expression First, IReadOnlyList<(string Operator, Expression Operand)> Rest, int Line)
    : Expression(Line);

/// <summary><c>a and b</c>, <c>a or b</c>: the value of the operand that decides.</summary>
internal sealed record Junction(bool IsAnd, Expression Left, Expression Right, int Line) : Expression(Line);

/// <summary><c>value if condition else other</c></summary>
internal sealed record Conditional(Expression Condition, Expression Then, Expression? Else, int Line) : Expression(Line);

/// <summary>The arguments of a call as they are written.</summary>
/// <param name="Positional">Arguments by position.</param>
/// <param name="Named">Arguments by name.</param>
/// <param name="Spread">A list with further arguments, <c>*list</c>.</param>
/// <param name="SpreadNamed">A dictionary with further named arguments, <c>**dictionary</c>.</param>
internal sealed record CallArguments(
    IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named, Expression? Spread, Expression? SpreadNamed)
{
    public static CallArguments None { get; } = new([], [], null, null);
}

/// <summary>A filter with its arguments, without what it is applied to.</summary>
internal sealed record FilterUse(string Name, CallArguments Arguments, int Line);
