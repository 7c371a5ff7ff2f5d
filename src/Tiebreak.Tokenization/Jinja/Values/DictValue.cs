using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Functions;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>A dictionary, in the order in which keys were first given. As in Jinja's sandbox nothing can change one.</summary>
internal sealed class DictValue(OrderedDictionary<Value, Value> entries) : Value
{
    /// <summary>The entries; compared by <see cref="KeyComparer"/>.</summary>
    public OrderedDictionary<Value, Value> Entries { get; } = entries;

    public override string TypeName => "dict";

    public override bool IsTrue => Entries.Count > 0;

    public override int? Length => Entries.Count;

    public override bool IsSequence => true;

    /// <summary>A dictionary of pairs; of equal keys the first stands and the last value counts.</summary>
    public static DictValue Of(IEnumerable<(Value Key, Value Value)> entries, Meter meter)
    {
        var dictionary = new OrderedDictionary<Value, Value>(new KeyComparer(meter));
        foreach (var (key, value) in entries)
        {
            meter.CreateItems(1);
            dictionary[key] = value;
        }

        return new DictValue(dictionary);
    }

    /// <summary>Pairs of key and value as tuples.</summary>
    public IEnumerable<Value> Pairs(Meter meter)
    {
        foreach (var (key, value) in Entries)
        {
            meter.CreateItems(2);
            yield return ListValue.Tuple(key, value);
        }
    }

    public override IEnumerable<Value> Items(Meter meter) => Entries.Keys;

    public override Value? Attribute(string name) => DictMethods.Find(this, name);

    public override Value? Item(Value key, Meter meter) =>
        KeyComparer.CanBeKey(key, meter) && Entries.TryGetValue(key, out var value) ? value : null;

    public override void WriteRepr(TextSink sink, Meter meter)
    {
        meter.Enter();
        sink.Write("{");
        var isFirst = true;
        foreach (var (key, value) in Entries)
        {
            if (!isFirst)
                sink.Write(", ");
            isFirst = false;
            key.WriteRepr(sink, meter);
            sink.Write(": ");
            value.WriteRepr(sink, meter);
        }

        sink.Write("}");
        meter.Leave();
    }
}

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> give.</summary>
/// <param name="typeName">Python's name of it.</param>
/// <param name="entries">The keys, the values or the pairs.</param>
internal sealed class DictViewValue(string typeName, IReadOnlyList<Value> entries) : Value
{
    public override string TypeName => typeName;

    public override bool IsTrue => entries.Count > 0;

    public override int? Length => entries.Count;

    public override IEnumerable<Value> Items(Meter meter) => entries;

    public override void WriteRepr(TextSink sink, Meter meter)
    {
        sink.Write(typeName + "(");
        new ListValue(entries).WriteRepr(sink, meter);
        sink.Write(")");
    }
}
