using System.Numerics;
using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>The functions that every template has: Jinja's, and those that transformers adds.</summary>
internal static class Globals
{
    private static readonly Dictionary<string, Value> ByName = new(StringComparer.Ordinal)
    {
        ["range"] = new FunctionValue(Range),
        ["dict"] = new FunctionValue((rendering, arguments) => Dictionary("dict", rendering, arguments)),
        ["namespace"] = new FunctionValue((rendering, arguments) => new NamespaceValue(Dictionary("namespace", rendering, arguments))),
        ["raise_exception"] = new FunctionValue(Refuse),
        ["strftime_now"] = new FunctionValue(FormatNow),
        ["cycler"] = FunctionValue.Unsupported("the function \"cycler\""),
        ["joiner"] = FunctionValue.Unsupported("the function \"joiner\""),
        ["lipsum"] = FunctionValue.Unsupported("the function \"lipsum\""),
        ["self"] = FunctionValue.Unsupported("the blocks of \"self\""),
    };

    public static Value? Find(string name) => ByName.GetValueOrDefault(name);

    private static RangeValue Range(Rendering rendering, Arguments arguments)
    {
        var bound = arguments.Bind("range", "start", "stop?", "step?");
        var (first, stop) = (Number(bound[0]!), bound[1]);
        return stop is null
            ? RangeValue.Of(0, first, 1)
            : RangeValue.Of(first, Number(stop), bound[2] is { } step ? Number(step) : 1);

        static BigInteger Number(Value value) =>
            Arithmetic.IntegerOf(value) ?? throw value.Unfit("\"range\" takes whole numbers");
    }

    private static DictValue Dictionary(string function, Rendering rendering, Arguments arguments)
    {
        var first = arguments.Positional switch
        {
            [] => [],
            [DictValue dictionary] => dictionary.Entries.Select(entry => (entry.Key, entry.Value)),
            [var pairs] => rendering.Items(pairs).Select(pair => rendering.List(pair) is [var key, var value]
                ? (key, value)
                : throw new JinjaException($"\"{function}\" takes pairs of a key and a value.")),
            _ => throw new JinjaException($"\"{function}\" takes at most one argument without a name."),
        };
        return DictValue.Of(
            first.Concat(arguments.Named.Select(argument => ((Value)new StringValue(argument.Name), argument.Value))), rendering.Meter);
    }

    private static Value Refuse(Rendering rendering, Arguments arguments) =>
        throw new JinjaException(rendering.TextOf(arguments.Bind("raise_exception", "message")[0]!)) { IsRefusal = true };

    private static StringValue FormatNow(Rendering rendering, Arguments arguments)
    {
        var value = arguments.Bind("strftime_now", "format")[0]!;
        var format = value as StringValue ?? throw value.Unfit("A format must be a text");
        rendering.Meter.CreateText((long)TimeFormat.LongestPart * format.Text.Length);
        return new StringValue(TimeFormat.Format(rendering.Now, format.Text));
    }
}
