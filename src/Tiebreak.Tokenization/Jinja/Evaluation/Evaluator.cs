using Tiebreak.Tokenization.Jinja.Syntax;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Evaluation;

/// <summary>Computes expressions.</summary>
internal sealed class Evaluator(Rendering rendering)
{
    private Meter Meter => rendering.Meter;

    public Value Evaluate(Expression expression)
    {
        Meter.Enter();
        rendering.Line = expression.Line;
        var value = expression switch
        {
            Literal literal => literal.Value,
            Name name => rendering.Variable(name.Identifier),
            AttributeAccess access => rendering.Attribute(Evaluate(access.Target), access.Attribute),
            ItemAccess access => rendering.Item(Evaluate(access.Target), Evaluate(access.Key)),
            SliceAccess access => Indexing.Slice(
                Evaluate(access.Target), EvaluateOrNone(access.Start), EvaluateOrNone(access.Stop), EvaluateOrNone(access.Step), Meter),
            Call call => Evaluate(call.Function).Call(rendering, Evaluate(call.Arguments)),
            FilterCall call => rendering.Filter(Evaluate(call.Operand), call.Filter.Name, Evaluate(call.Filter.Arguments)),
            TestCall call => BooleanValue.Of(rendering.Test(Evaluate(call.Operand), call.Test, Evaluate(call.Arguments))),
            Negation negation => BooleanValue.Of(!Evaluate(negation.Operand).IsTrue),
            UnaryOperation { Operator: "-" } operation => Arithmetic.Negate(Evaluate(operation.Operand)),
            UnaryOperation operation => Arithmetic.Plus(Evaluate(operation.Operand)),
            BinaryOperation operation => Evaluate(operation),
            Concatenation concatenation => Concatenate(concatenation),
            ComparisonChain chain => BooleanValue.Of(Holds(chain)),
            Junction junction => Evaluate(junction),
            Conditional conditional => Evaluate(conditional),
            ListLiteral list => Evaluate(list),
            DictLiteral dictionary => DictValue.Of(
                dictionary.Entries.Select(entry => (Evaluate(entry.Key), Evaluate(entry.Value))), Meter),
            _ => throw new InvalidOperationException($"{expression.GetType()} has no evaluation."),
        };
        Meter.Leave();
        return value;
    }

    public Arguments Evaluate(CallArguments arguments)
    {
        if (ReferenceEquals(arguments, CallArguments.None))
            return Arguments.None;
        List<Value> positional = [.. arguments.Positional.Select(Evaluate)];
        List<(string Name, Value Value)> named = [.. arguments.Named.Select(argument => (argument.Name, Evaluate(argument.Value)))];
        if (arguments.Spread is { } spread)
            positional.AddRange(rendering.List(Evaluate(spread)));
        if (arguments.SpreadNamed is { } spreadNamed)
        {
            var more = Evaluate(spreadNamed) as DictValue ?? throw new JinjaException("Behind \"**\" a dictionary must stand.");
            Meter.CreateItems(more.Entries.Count);
            foreach (var (key, value) in more.Entries)
                named.Add(((key as StringValue ?? throw new JinjaException("Names of arguments must be texts.")).Text, value));
        }

        return new Arguments(positional, named);
    }

    private Value EvaluateOrNone(Expression? expression) => expression is null ? NoneValue.Instance : Evaluate(expression);

    private ListValue Evaluate(ListLiteral list)
    {
        Meter.CreateItems(list.Items.Count);
        return new ListValue([.. list.Items.Select(Evaluate)], list.IsTuple);
    }

    private Value Evaluate(BinaryOperation operation)
    {
        var (left, right) = (Evaluate(operation.Left), Evaluate(operation.Right));
        rendering.Line = operation.Line;
        return operation.Operator switch
        {
            "+" => Arithmetic.Add(left, right, Meter),
            "-" => Arithmetic.Subtract(left, right),
            "*" => Arithmetic.Multiply(left, right, Meter),
            "/" => Arithmetic.Divide(left, right),
            "//" => Arithmetic.FloorDivide(left, right),
            "%" => Arithmetic.Modulo(left, right, Meter),
            _ => Arithmetic.Power(left, right),
        };
    }

    private StringValue Concatenate(Concatenation concatenation)
    {
        var sink = new TextSink(Meter);
        foreach (var part in concatenation.Parts)
            sink.Write(rendering.TextOf(Evaluate(part)));
        return new StringValue(sink.ToString());
    }

    private bool Holds(ComparisonChain chain)
    {
        var left = Evaluate(chain.First);
        foreach (var (symbol, operand) in chain.Rest)
        {
            var right = Evaluate(operand);
            if (!Compare(left, symbol, right))
                return false;
            left = right;
        }

        return true;
    }

    private bool Compare(Value left, string symbol, Value right) => symbol switch
    {
        "==" => Comparison.AreEqual(left, right, Meter),
        "!=" => !Comparison.AreEqual(left, right, Meter),
        "in" => Comparison.Contains(right, left, Meter),
        "not in" => !Comparison.Contains(right, left, Meter),
        "<" => Comparison.Compare(left, right, Meter) < 0,
        "<=" => Comparison.Compare(left, right, Meter) <= 0,
        ">" => Comparison.Compare(left, right, Meter) > 0,
        _ => Comparison.Compare(left, right, Meter) >= 0,
    };

    private Value Evaluate(Junction junction)
    {
        var left = Evaluate(junction.Left);
        return left.IsTrue == junction.IsAnd ? Evaluate(junction.Right) : left;
    }

    private Value Evaluate(Conditional conditional)
    {
        if (Evaluate(conditional.Condition).IsTrue)
            return Evaluate(conditional.Then);
        return conditional.Else is { } otherwise
            ? Evaluate(otherwise)
            : new UndefinedValue("An \"if\" without \"else\" did not hold, so that there is no value.");
    }
}
