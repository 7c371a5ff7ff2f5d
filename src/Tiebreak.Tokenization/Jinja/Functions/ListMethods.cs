using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>Methods of lists and tuples. Those that change a list cannot be called, as in Jinja's immutable sandbox.</summary>
internal static class ListMethods
{
    private static readonly string[] Changing = ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"];

    public static Value? Find(ListValue list, string name) => name switch
    {
        "count" => new FunctionValue((rendering, arguments) => Count(list, arguments.Bind(name, "value")[0]!, rendering.Meter)),
        "index" => new FunctionValue((rendering, arguments) => IndexOf(list, arguments.Bind(name, "value")[0]!, rendering.Meter)),
        "copy" when !list.IsTuple => new FunctionValue((_, _) => list),
        _ when !list.IsTuple && Changing.Contains(name, StringComparer.Ordinal) => Unchangeable(name, "list"),
        _ => null,
    };

    /// <summary>What stands for a method that would change its value: it fails when it is used.</summary>
    public static UndefinedValue Unchangeable(string name, string type) =>
        new($"\"{name}\" would change a {type}; values cannot be changed in a chat template.");

    private static IntegerValue Count(ListValue list, Value wanted, Meter meter) =>
        IntegerValue.Of(list.Entries.Count(entry => Comparison.AreEqual(entry, wanted, meter)));

    private static IntegerValue IndexOf(ListValue list, Value wanted, Meter meter)
    {
        for (var i = 0; i < list.Entries.Count; i++)
        {
            if (Comparison.AreEqual(list.Entries[i], wanted, meter))
                return IntegerValue.Of(i);
        }

        throw new JinjaException("\"index\" did not find the value in the list.");
    }
}
