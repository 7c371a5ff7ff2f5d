using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Functions;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>A list or a tuple. As in Jinja's sandbox nothing can change one.</summary>
/// <param name="entries">The items.</param>
/// <param name="isTuple">Whether it is a tuple: it prints in parentheses, equals no list and can be a key.</param>
internal class ListValue(IReadOnlyList<Value> entries, bool isTuple = false) : Value
{
    public IReadOnlyList<Value> Entries { get; } = entries;

    public bool IsTuple { get; } = isTuple;

    public override string TypeName => IsTuple ? "tuple" : "list";

    public override bool IsTrue => Entries.Count > 0;

    public override int? Length => Entries.Count;

    public override bool IsSequence => true;

    public static ListValue Tuple(params IReadOnlyList<Value> entries) => new(entries, isTuple: true);

    /// <summary>Other items in a list or tuple like this one.</summary>
    public ListValue With(IReadOnlyList<Value> entries) => new(entries, IsTuple);

    public override IEnumerable<Value> Items(Meter meter) => Entries;

    public override Value? Attribute(string name) => ListMethods.Find(this, name);

    public override Value? Item(Value key, Meter meter) => Indexing.Position(key, Entries.Count) is { } index ? Entries[index] : null;

    public override void WriteRepr(TextSink sink, Meter meter)
    {
        meter.Enter();
        sink.Write(IsTuple ? "(" : "[");
        for (var i = 0; i < Entries.Count; i++)
        {
            if (i > 0)
                sink.Write(", ");
            Entries[i].WriteRepr(sink, meter);
        }

        sink.Write(!IsTuple ? "]" : Entries.Count == 1 ? ",)" : ")");
        meter.Leave();
    }
}

/// <summary>What <c>groupby</c> gives: a tuple of a key and its items that can also be asked by name.</summary>
internal sealed class GroupValue(Value grouper, Value list) : ListValue([grouper, list], isTuple: true)
{
    public override Value? Attribute(string name) => name switch
    {
        "grouper" => Entries[0],
        "list" => Entries[1],
        _ => base.Attribute(name),
    };
}
