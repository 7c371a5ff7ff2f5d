using System.Text;
using Tiebreak.Tokenization.Jinja.Functions;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Syntax;

/// <summary>
/// Reads expressions. From loose to tight: <c>if else</c>, <c>or</c>, <c>and</c>, <c>not</c>, comparisons, <c>+ -</c>, <c>~</c>,
/// <c>* / // %</c>, <c>**</c> (from the left), signs, and filters, tests, calls and items behind a value.
/// </summary>
internal sealed class ExpressionParser(TokenStream tokens)
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    /// <summary>The blocks around what is read.</summary>
    public ParsingPlace Place { get; set; } = ParsingPlace.Outermost;

    /// <summary>
    /// Filters and tests that do not exist, in places that are always compiled: those inside of a condition are an error only when they are
    /// reached.
    /// </summary>
    public List<JinjaException> Missing { get; } = [];

    /// <summary>An expression.</summary>
    /// <param name="allowsConditional">False where an <c>if</c> behind it belongs to the tag.</param>
    public Expression Read(bool allowsConditional = true)
    {
        tokens.Enter();
        var expression = allowsConditional ? ReadConditional() : ReadOr();
        tokens.Leave();
        return expression;
    }

    /// <summary>An expression, or several with commas between them, which are a tuple.</summary>
    /// <param name="allowsConditional">False where an <c>if</c> behind it belongs to the tag.</param>
    /// <param name="isInParentheses">Whether nothing at all is a tuple too.</param>
    /// <param name="endName">A name that ends the tuple behind a comma.</param>
    public Expression ReadTuple(bool allowsConditional = true, bool isInParentheses = false, string? endName = null)
    {
        var line = tokens.Current.Line;
        var items = new List<Expression>();
        var isTuple = false;
        while (!(tokens.Current.Kind is TokenKind.OutputEnd or TokenKind.BlockEnd || tokens.Current.IsOperator(")")
            || (endName is not null && tokens.Current.IsName(endName))))
        {
            items.Add(Read(allowsConditional));
            if (!tokens.SkipOperator(","))
                break;
            isTuple = true;
        }

        return isTuple || (items.Count == 0 && isInParentheses)
            ? new ListLiteral(items, IsTuple: true, line)
            : items.Count == 1 ? items[0] : throw tokens.Unexpected("an expression");
    }

    /// <summary>The filters of a <c>filter</c> or <c>set</c> block: the first name stands without a bar.</summary>
    public IReadOnlyList<FilterUse> ReadFilters()
    {
        var filters = new List<FilterUse>();
        do
            filters.Add(ReadFilterUse());
        while (tokens.SkipOperator("|"));
        return filters;
    }

    /// <summary>What is assigned to, without attributes of namespaces.</summary>
    /// <param name="endName">A name that ends a tuple behind a comma.</param>
    public Target ReadTarget(string? endName = null)
    {
        tokens.Enter();
        var targets = new List<Target>();
        var isTuple = false;
        while (endName is null || !tokens.Current.IsName(endName))
        {
            if (tokens.SkipOperator("("))
            {
                targets.Add(ReadTarget());
                tokens.ExpectOperator(")");
            }
            else
            {
                targets.Add(new VariableTarget(ReadVariableName()));
            }

            if (!tokens.SkipOperator(","))
                break;
            isTuple = true;
        }

        tokens.Leave();
        return isTuple ? new TupleTarget(targets) : targets.Count == 1 ? targets[0] : throw tokens.Unexpected("a name");
    }

    /// <summary>A name that can be assigned to.</summary>
    public string ReadVariableName()
    {
        var name = tokens.Expect(TokenKind.Name, "a name").Text;
        return ConstantOf(name) is null && !(Place.IsInLoop && name is "loop")
            ? name
            : throw new JinjaException($"\"{name}\" cannot be assigned to.");
    }

    private static Value? ConstantOf(string name) => name switch
    {
        "true" or "True" => BooleanValue.True,
        "false" or "False" => BooleanValue.False,
        "none" or "None" => NoneValue.Instance,
        _ => null,
    };

    private Expression ReadConditional()
    {
        var line = tokens.Current.Line;
        var missingBefore = Missing.Count;
        var value = ReadOr();
        while (tokens.SkipName("if"))
        {
            var condition = ReadOr();
            value = new Conditional(condition, value, tokens.SkipName("else") ? Read() : null, line);
            Missing.RemoveRange(missingBefore, Missing.Count - missingBefore);
        }

        return value;
    }

    private Expression ReadOr()
    {
        var left = ReadAnd();
        while (tokens.Current.IsName("or"))
            left = new Junction(IsAnd: false, left, After(ReadAnd), tokens.Current.Line);
        return left;
    }

    private Expression ReadAnd()
    {
        var left = ReadNot();
        while (tokens.Current.IsName("and"))
            left = new Junction(IsAnd: true, left, After(ReadNot), tokens.Current.Line);
        return left;
    }

    private Expression ReadNot()
    {
        var line = tokens.Current.Line;
        if (!tokens.SkipName("not"))
            return ReadComparison();
        tokens.Enter();
        var negation = new Negation(ReadNot(), line);
        tokens.Leave();
        return negation;
    }

    private Expression ReadComparison()
    {
        var line = tokens.Current.Line;
        var first = ReadSum();
        var rest = new List<(string, Expression)>();
        while (true)
        {
            if (tokens.Current.Kind is TokenKind.Operator && Comparisons.Contains(tokens.Current.Text, StringComparer.Ordinal))
            {
                rest.Add((tokens.Next().Text, ReadSum()));
            }
            else if (tokens.SkipName("in"))
            {
                rest.Add(("in", ReadSum()));
            }
            else if (tokens.Current.IsName("not") && tokens.Following.IsName("in"))
            {
                tokens.Next();
                tokens.Next();
                rest.Add(("not in", ReadSum()));
            }
            else
            {
                return rest.Count == 0 ? first : new ComparisonChain(first, rest, line);
            }
        }
    }

    private Expression ReadSum() => ReadBinary(ReadConcatenation, "+", "-");

    private Expression ReadConcatenation()
    {
        var line = tokens.Current.Line;
        var parts = new List<Expression> { ReadProduct() };
        while (tokens.SkipOperator("~"))
            parts.Add(ReadProduct());
        return parts.Count == 1 ? parts[0] : new Concatenation(parts, line);
    }

    private Expression ReadProduct() => ReadBinary(ReadPower, "*", "/", "//", "%");

    private Expression ReadPower() => ReadBinary(() => ReadUnary(), "**");

    private Expression ReadBinary(Func<Expression> readOperand, params ReadOnlySpan<string> operators)
    {
        var left = readOperand();
        while (tokens.Current.Kind is TokenKind.Operator && operators.Contains(tokens.Current.Text))
        {
            var symbol = tokens.Next();
            left = new BinaryOperation(symbol.Text, left, readOperand(), symbol.Line);
        }

        return left;
    }

    private Expression ReadUnary(bool allowsFilters = true)
    {
        tokens.Enter();
        var symbol = tokens.Current;
        var value = tokens.SkipOperator("-") || tokens.SkipOperator("+")
            ? new UnaryOperation(symbol.Text, ReadUnary(allowsFilters: false), symbol.Line)
            : ReadPrimary();
        value = ReadPostfix(value);
        if (allowsFilters)
            value = ReadFiltersAndTests(value);
        tokens.Leave();
        return value;
    }

    private Expression ReadPrimary()
    {
        var token = tokens.Next();
        switch (token)
        {
            case { Kind: TokenKind.Name }:
                Place.Mention(token.Text);
                return ConstantOf(token.Text) is { } constant ? new Literal(constant, token.Line) : new Name(token.Text, token.Line);
            case { Kind: TokenKind.Number }:
                return new Literal(token.Number!, token.Line);
            case { Kind: TokenKind.String }:
                var text = new StringBuilder(token.Text);
                while (tokens.Current.Kind is TokenKind.String)
                    text.Append(tokens.Next().Text);
                return new Literal(new StringValue(text.ToString()), token.Line);
            case { Kind: TokenKind.Operator, Text: "(" }:
                var inner = ReadTuple(isInParentheses: true);
                tokens.ExpectOperator(")");
                return inner;
            case { Kind: TokenKind.Operator, Text: "[" }:
                return new ListLiteral(ReadItems("]", () => Read()), IsTuple: false, token.Line);
            case { Kind: TokenKind.Operator, Text: "{" }:
                return new DictLiteral(ReadItems("}", ReadEntry), token.Line);
            default:
                throw new JinjaException($"{token.Description} stands where an expression is expected.");
        }
    }

    private (Expression Key, Expression Value) ReadEntry()
    {
        var key = Read();
        tokens.ExpectOperator(":");
        return (key, Read());
    }

    // Items with commas between them; a comma may stand behind the last.
    private List<T> ReadItems<T>(string end, Func<T> readItem)
    {
        var items = new List<T>();
        while (!tokens.SkipOperator(end))
        {
            if (items.Count > 0)
                tokens.ExpectOperator(",");
            if (tokens.SkipOperator(end))
                break;
            items.Add(readItem());
        }

        return items;
    }

    private Expression ReadPostfix(Expression value)
    {
        while (true)
        {
            if (tokens.Current.IsOperator("."))
                value = ReadAttribute(value);
            else if (tokens.Current.IsOperator("["))
                value = ReadItem(value);
            else if (tokens.Current.IsOperator("("))
                value = new Call(value, ReadArguments(), tokens.Current.Line);
            else
                return value;
        }
    }

    private Expression ReadAttribute(Expression target)
    {
        tokens.Next();
        var token = tokens.Next();
        return token switch
        {
            { Kind: TokenKind.Name } => new AttributeAccess(target, token.Text, token.Line),
            { Kind: TokenKind.Number, Number: IntegerValue index } => new ItemAccess(target, new Literal(index, token.Line), token.Line),
            _ => throw new JinjaException($"{token.Description} stands where a name or a number is expected."),
        };
    }

    private Expression ReadItem(Expression target)
    {
        var line = tokens.Next().Line;
        if (tokens.Current.IsOperator("]"))
            throw tokens.Unexpected("an index");
        var start = tokens.Current.IsOperator(":") ? null : Read();
        if (!tokens.SkipOperator(":"))
        {
            if (tokens.Current.IsOperator(","))
                throw JinjaException.Unsupported("several indexes in one pair of brackets");
            tokens.ExpectOperator("]");
            return new ItemAccess(target, start!, line);
        }

        var stop = tokens.Current.IsOperator("]") || tokens.Current.IsOperator(":") ? null : Read();
        var step = tokens.SkipOperator(":") && !tokens.Current.IsOperator("]") ? Read() : null;
        tokens.ExpectOperator("]");
        return new SliceAccess(target, start, stop, step, line);
    }

    private Expression ReadFiltersAndTests(Expression value)
    {
        while (true)
        {
            var line = tokens.Current.Line;
            if (tokens.SkipOperator("|"))
                value = new FilterCall(value, ReadFilterUse(), line);
            else if (tokens.SkipName("is"))
                value = ReadTest(value, line);
            else if (tokens.Current.IsOperator("("))
                value = new Call(value, ReadArguments(), line);
            else
                return value;
        }
    }

    private FilterUse ReadFilterUse()
    {
        var line = tokens.Current.Line;
        var name = ReadDottedName();
        if (!Place.IsConditional && Filters.Find(name) is null)
            AddMissing(Filters.Missing(name), line);
        return new FilterUse(name, tokens.Current.IsOperator("(") ? ReadArguments() : CallArguments.None, line);
    }

    private Expression ReadTest(Expression value, int line)
    {
        var isNegated = tokens.SkipName("not");
        var name = ReadDottedName();
        if (!Place.IsConditional && Tests.Find(name) is null)
            AddMissing(Tests.Missing(name), line);
        var arguments = CallArguments.None;
        if (tokens.Current.IsOperator("("))
            arguments = ReadArguments();
        else if (BeginsArgument(tokens.Current))
            arguments = arguments with { Positional = [ReadPostfix(ReadPrimary())] };
        Expression test = new TestCall(value, name, arguments, line);
        return isNegated ? new Negation(test, line) : test;
    }

    // "x is divisibleby 3": one argument may stand without parentheses.
    private static bool BeginsArgument(Token token)
    {
        if (token.IsName("is"))
            throw new JinjaException("A test cannot follow a test; put the first into parentheses.");
        return token.Kind switch
        {
            TokenKind.Name => token.Text is not ("else" or "or" or "and"),
            TokenKind.String or TokenKind.Number => true,
            _ => token.IsOperator("[") || token.IsOperator("{"),
        };
    }

    private void AddMissing(JinjaException exception, int line)
    {
        exception.LocateAt(line);
        Missing.Add(exception);
    }

    private string ReadDottedName()
    {
        var name = new StringBuilder(tokens.Expect(TokenKind.Name, "a name").Text);
        while (tokens.SkipOperator("."))
            name.Append('.').Append(tokens.Expect(TokenKind.Name, "a name").Text);
        return name.ToString();
    }

    /// <summary>The arguments of a call, parentheses included.</summary>
    public CallArguments ReadArguments()
    {
        tokens.ExpectOperator("(");
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        Expression? spread = null, spreadNamed = null;
        var isFirst = true;
        while (!tokens.SkipOperator(")"))
        {
            if (!isFirst)
            {
                tokens.ExpectOperator(",");
                if (tokens.SkipOperator(")"))
                    break;
            }

            isFirst = false;
            if (tokens.Current.IsOperator("*"))
            {
                Require(spread is null && spreadNamed is null);
                spread = After(() => Read());
            }
            else if (tokens.Current.IsOperator("**"))
            {
                Require(spreadNamed is null);
                spreadNamed = After(() => Read());
            }
            else if (tokens.Current.Kind is TokenKind.Name && tokens.Following.IsOperator("="))
            {
                Require(spreadNamed is null);
                var name = tokens.Next().Text;
                Require(!named.Exists(other => string.Equals(other.Item1, name, StringComparison.Ordinal)));
                named.Add((name, After(() => Read())));
            }
            else
            {
                Require(spread is null && spreadNamed is null && named.Count == 0);
                positional.Add(Read());
            }
        }

        return new CallArguments(positional, named, spread, spreadNamed);

        static void Require(bool isInOrder)
        {
            if (!isInOrder)
                throw new JinjaException("The arguments of a call are out of order or given twice.");
        }
    }

    private Expression After(Func<Expression> read)
    {
        tokens.Next();
        return read();
    }
}
