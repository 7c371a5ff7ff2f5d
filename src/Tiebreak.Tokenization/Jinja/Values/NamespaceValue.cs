using Tiebreak.Tokenization.Jinja.Evaluation;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>What <c>namespace()</c> gives: the only value whose attributes a template can set, and so carry out of a loop.</summary>
internal sealed class NamespaceValue(DictValue attributes) : Value
{
    public override string TypeName => "Namespace";

    public void Set(string name, Value value, Meter meter)
    {
        meter.CreateItems(1);
        attributes.Entries[new StringValue(name)] = value;
    }

    public override Value? Attribute(string name) => attributes.Entries.GetValueOrDefault(new StringValue(name));

    public override void WriteRepr(TextSink sink, Meter meter)
    {
        sink.Write("<Namespace ");
        attributes.WriteRepr(sink, meter);
        sink.Write(">");
    }
}
