using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Evaluation;

/// <summary>The variable <c>loop</c>: where a loop is.</summary>
/// <param name="items">What is looped over.</param>
/// <param name="depth">How many runs of a recursive loop are around this one.</param>
/// <param name="recurse">Runs a recursive loop for other items; null: the loop is not recursive.</param>
internal sealed class LoopValue(IReadOnlyList<Value> items, int depth, Func<Value, StringValue>? recurse) : Value
{
    private ListValue? _lastChanged;

    /// <summary>The current item, from 0.</summary>
    public int Index { get; set; }

    public override string TypeName => "LoopContext";

    public override int? Length => items.Count;

    public override Value? Attribute(string name) => name switch
    {
        "index" => IntegerValue.Of(Index + 1),
        "index0" => IntegerValue.Of(Index),
        "revindex" => IntegerValue.Of(items.Count - Index),
        "revindex0" => IntegerValue.Of(items.Count - Index - 1),
        "first" => BooleanValue.Of(Index == 0),
        "last" => BooleanValue.Of(Index == items.Count - 1),
        "length" => IntegerValue.Of(items.Count),
        "depth" => IntegerValue.Of(depth + 1),
        "depth0" => IntegerValue.Of(depth),
        "previtem" => Index > 0 ? items[Index - 1] : new UndefinedValue("There is no item before the first."),
        "nextitem" => Index + 1 < items.Count ? items[Index + 1] : new UndefinedValue("There is no item behind the last."),
        "cycle" => new FunctionValue((_, arguments) => arguments.Positional.Count == 0
            ? throw new JinjaException("\"loop.cycle\" needs at least one value.")
            : arguments.Positional[Index % arguments.Positional.Count]),
        "changed" => new FunctionValue((rendering, arguments) => BooleanValue.Of(HasChanged(arguments, rendering.Meter))),
        _ => null,
    };

    public override Value Call(Rendering rendering, Arguments arguments) => recurse is null
        ? throw new JinjaException("\"loop\" can be called in a loop that is marked as recursive only.")
        : recurse(arguments.Bind("loop", "iterable")[0]!);

    private bool HasChanged(Arguments arguments, Meter meter)
    {
        var values = ListValue.Tuple(arguments.Positional);
        var has = _lastChanged is null || !Comparison.AreEqual(values, _lastChanged, meter);
        _lastChanged = values;
        return has;
    }
}
