using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>Jinja's tests.</summary>
internal static class Tests
{
    private static readonly Dictionary<string, Test> ByName = new(StringComparer.Ordinal)
    {
        ["defined"] = Plain(value => value is not UndefinedValue),
        ["undefined"] = Plain(value => value is UndefinedValue),
        ["none"] = Plain(value => value is NoneValue),
        ["boolean"] = Plain(value => value is BooleanValue),
        ["true"] = Plain(value => value is BooleanValue { Flag: true }),
        ["false"] = Plain(value => value is BooleanValue { Flag: false }),
        ["integer"] = Plain(value => value is IntegerValue),
        ["float"] = Plain(value => value is FloatValue),
        ["number"] = Plain(Arithmetic.IsNumber),
        ["string"] = Plain(value => value is StringValue),
        ["mapping"] = Plain(value => value is DictValue),
        ["sequence"] = Plain(value => value.IsSequence),
        ["callable"] = Plain(value => value is FunctionValue or MacroValue or LoopValue or UndefinedValue),
        ["escaped"] = Plain(value => value is StringValue { IsMarkup: true }),
        ["iterable"] = (rendering, value, _) => value.Items(rendering.Meter) is not null,
        ["lower"] = (rendering, value, _) => LetterCase.AllAreLower(rendering.TextOf(value), rendering.Meter),
        ["upper"] = (rendering, value, _) => LetterCase.AllAreUpper(rendering.TextOf(value), rendering.Meter),
        ["odd"] = (rendering, value, _) => IsRest(rendering, value, IntegerOf(2), 1),
        ["even"] = (rendering, value, _) => IsRest(rendering, value, IntegerOf(2), 0),
        ["divisibleby"] = (rendering, value, arguments) => IsRest(rendering, value, arguments.Bind("divisibleby", "num")[0]!, 0),
        ["sameas"] = (_, value, arguments) => AreSame(value, arguments.Bind("sameas", "other")[0]!),
        ["in"] = (rendering, value, arguments) => Comparison.Contains(arguments.Bind("in", "seq")[0]!, value, rendering.Meter),
        ["filter"] = (rendering, value, _) => Filters.Find(rendering.TextOf(value)) is not null,
        ["test"] = (rendering, value, _) => Find(rendering.TextOf(value)) is not null,
        ["eq"] = Equal,
        ["=="] = Equal,
        ["equalto"] = Equal,
        ["ne"] = NotEqual,
        ["!="] = NotEqual,
        ["lt"] = Ordered(order => order < 0),
        ["<"] = Ordered(order => order < 0),
        ["lessthan"] = Ordered(order => order < 0),
        ["le"] = Ordered(order => order <= 0),
        ["<="] = Ordered(order => order <= 0),
        ["gt"] = Ordered(order => order > 0),
        [">"] = Ordered(order => order > 0),
        ["greaterthan"] = Ordered(order => order > 0),
        ["ge"] = Ordered(order => order >= 0),
        [">="] = Ordered(order => order >= 0),
    };

    public static Test? Find(string name) => ByName.GetValueOrDefault(name);

    public static JinjaException Missing(string name) => new($"There is no test \"{name}\".");

    private static Test Plain(Func<Value, bool> holds) => (_, value, arguments) =>
    {
        arguments.Bind("the test");
        return holds(value);
    };

    private static bool Equal(Rendering rendering, Value value, Arguments arguments) =>
        Comparison.AreEqual(value, arguments.Bind("eq", "other")[0]!, rendering.Meter);

    private static bool NotEqual(Rendering rendering, Value value, Arguments arguments) => !Equal(rendering, value, arguments);

    private static Test Ordered(Func<int?, bool> holds) => (rendering, value, arguments) =>
        holds(Comparison.Compare(value, arguments.Bind("the comparison", "other")[0]!, rendering.Meter));

    private static bool IsRest(Rendering rendering, Value value, Value divisor, int rest) =>
        Comparison.AreEqual(Arithmetic.Modulo(value, divisor, rendering.Meter), IntegerOf(rest), rendering.Meter);

    private static IntegerValue IntegerOf(int number) => IntegerValue.Of(number);

    // Python's small numbers and short texts are one object wherever they stand; other values are the same only with themselves.
    private static bool AreSame(Value value, Value other) => (value, other) switch
    {
        (StringValue a, StringValue b) => string.Equals(a.Text, b.Text, StringComparison.Ordinal),
        (IntegerValue a, IntegerValue b) => a.Number == b.Number,
        _ => ReferenceEquals(value, other),
    };
}

/// <summary>A test, as in <c>x is defined</c>.</summary>
internal delegate bool Test(Rendering rendering, Value value, Arguments arguments);
