using Tiebreak.Tokenization.Jinja.Evaluation;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>A value of a template, with the meaning that it has in Python. What a kind of value does not say, it cannot do.</summary>
internal abstract class Value
{
    /// <summary>Python's name of the type, for messages: <c>str</c>, <c>NoneType</c>.</summary>
    public abstract string TypeName { get; }

    /// <summary>Whether an <c>if</c> takes it.</summary>
    public virtual bool IsTrue => true;

    /// <summary>How many items or characters it has; null for a value without a length.</summary>
    public virtual int? Length => null;

    /// <summary>True for what is indexed by numbers or keys: Jinja's test "sequence".</summary>
    public virtual bool IsSequence => false;

    /// <summary>What a loop over it gives; null for a value that cannot be looped over.</summary>
    public virtual IEnumerable<Value>? Items(Meter meter) => null;

    /// <summary>An attribute or a method, <c>value.name</c>; null where it has none of this name.</summary>
    public virtual Value? Attribute(string name) => null;

    /// <summary>An item, <c>value[key]</c>; null where there is none.</summary>
    public virtual Value? Item(Value key, Meter meter) => null;

    /// <summary>Calls it.</summary>
    public virtual Value Call(Rendering rendering, Arguments arguments) => throw Unfit("A function is called");

    /// <summary>The error of a value that is not what is asked for.</summary>
    /// <param name="wanted">What is asked for, as the beginning of a sentence: <c>"indent" takes a text</c>.</param>
    public virtual JinjaException Unfit(string wanted) => new($"{wanted}, not a value of type {TypeName}.");

    /// <summary>Writes it as Python's <c>repr</c> does.</summary>
    public virtual void WriteRepr(TextSink sink, Meter meter) =>
        throw JinjaException.Unsupported($"the printed form of a value of type {TypeName}, which Python writes with its place in memory");
}
