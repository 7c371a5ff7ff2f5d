using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>Methods of dictionaries. Those that change one cannot be called, as in Jinja's immutable sandbox.</summary>
internal static class DictMethods
{
    private static readonly string[] Changing = ["clear", "pop", "popitem", "setdefault", "update"];

    public static Value? Find(DictValue dictionary, string name) => name switch
    {
        "get" => new FunctionValue((_, arguments) =>
        {
            var bound = arguments.Bind(name, "key", "default?");
            return dictionary.Entries.GetValueOrDefault(bound[0]!) ?? bound[1] ?? NoneValue.Instance;
        }),
        "keys" => View("dict_keys", dictionary.Entries.Keys),
        "values" => View("dict_values", dictionary.Entries.Values),
        "items" => new FunctionValue((rendering, _) => new DictViewValue("dict_items", [.. dictionary.Pairs(rendering.Meter)])),
        "copy" => new FunctionValue((_, _) => dictionary),
        "fromkeys" => FunctionValue.Unsupported("the method \"fromkeys\" of dictionaries"),
        _ when Changing.Contains(name, StringComparer.Ordinal) => ListMethods.Unchangeable(name, "dictionary"),
        _ => null,
    };

    private static FunctionValue View(string typeName, IReadOnlyCollection<Value> entries) => new((rendering, _) =>
    {
        rendering.Meter.CreateItems(entries.Count);
        return new DictViewValue(typeName, [.. entries]);
    });
}
