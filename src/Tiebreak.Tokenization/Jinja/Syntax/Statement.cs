namespace Tiebreak.Tokenization.Jinja.Syntax;

/// <summary>A part of a template that writes or does something.</summary>
/// <param name="Line">Line of the template, from 1.</param>
internal abstract record Statement(int Line);

internal sealed record TextOutput(string Text, int Line) : Statement(Line);

internal sealed record ValueOutput(Expression Value, int Line) : Statement(Line);

/// <summary>The conditions of <c>if</c> and <c>elif</c> with what follows each, and what follows <c>else</c>.</summary>
internal sealed record If(
    IReadOnlyList<(Expression Condition, IReadOnlyList<Statement> Body)> Branches, IReadOnlyList<Statement> Else, int Line)
    : Statement(Line);

/// <summary>A loop. Items for which a condition does not hold are left out; <c>else</c> runs where none is left.</summary>
internal sealed record For(
    Target Target, Expression Items, Expression? Condition, bool IsRecursive, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Else,
    int Line) : Statement(Line);

internal sealed record Break(int Line) : Statement(Line);

internal sealed record Continue(int Line) : Statement(Line);

internal sealed record Set(Target Target, Expression Value, int Line) : Statement(Line);

/// <summary>A <c>set</c> or <c>filter</c> block: what the body writes goes through filters, to a target or, without one, on.</summary>
internal sealed record Capture(Target? Target, IReadOnlyList<FilterUse> Filters, IReadOnlyList<Statement> Body, int Line) : Statement(Line);

internal sealed record MacroDefinition(Macro Macro, int Line) : Statement(Line);

/// <summary>A <c>call</c> block: its body is a macro that the called macro finds as <c>caller</c>.</summary>
internal sealed record CallBlock(Call Call, Macro Caller, int Line) : Statement(Line);

/// <summary>A block with variables of its own: <c>with</c> and <c>generation</c>.</summary>
internal sealed record ScopedBlock(IReadOnlyList<(Target Target, Expression Value)> Variables, IReadOnlyList<Statement> Body, int Line)
    : Statement(Line);

/// <summary>A macro as it is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Names of its parameters, with the expression that stands in where an argument is not given.</param>
/// <param name="Body">What it does.</param>
/// <param name="Uses">Which of <c>caller</c>, <c>varargs</c> and <c>kwargs</c> the body mentions; it takes only those.</param>
internal sealed record Macro(
    string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body, IReadOnlySet<string> Uses);

/// <summary>What is assigned to: a variable, several at once, or an attribute of a namespace.</summary>
internal abstract record Target;

internal sealed record VariableTarget(string Name) : Target;

internal sealed record TupleTarget(IReadOnlyList<Target> Targets) : Target;

internal sealed record AttributeTarget(string Namespace, string Attribute) : Target;
