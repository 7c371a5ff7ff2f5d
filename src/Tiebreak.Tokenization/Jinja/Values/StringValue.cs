using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Functions;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>A text. Length, index and iteration count code points.</summary>
/// <param name="text">The text.</param>
/// <param name="isMarkup">Whether it is known to be safe HTML (<c>Markup</c>): joined with <c>+</c>, the other text is escaped.</param>
internal sealed class StringValue(string text, bool isMarkup = false) : Value
{
    public static StringValue Empty { get; } = new("");

    public string Text { get; } = text;

    public bool IsMarkup { get; } = isMarkup;

    public override string TypeName => IsMarkup ? "Markup" : "str";

    public override bool IsTrue => Text.Length > 0;

    public override int? Length => PythonText.Count(Text);

    public override bool IsSequence => true;

    /// <summary>Another text with the same safety.</summary>
    public StringValue With(string text) => new(text, IsMarkup);

    public override IEnumerable<Value> Items(Meter meter)
    {
        foreach (var character in PythonText.CodePoints(Text))
        {
            meter.CreateItems(1);
            yield return new StringValue(character);
        }
    }

    public override Value? Attribute(string name) => StringMethods.Find(this, name);

    public override Value? Item(Value key, Meter meter)
    {
        meter.Scan(Text);
        return Indexing.Position(key, Length!.Value) is { } index ? With(PythonText.Part(Text, index, 1)) : null;
    }

    public override void WriteRepr(TextSink sink, Meter meter)
    {
        meter.Scan(Text);
        if (IsMarkup)
            sink.Write("Markup(");
        PythonText.WriteRepr(Text, sink);
        if (IsMarkup)
            sink.Write(")");
    }
}
