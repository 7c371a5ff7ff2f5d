using Tiebreak.Tokenization.Jinja.Evaluation;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>
/// What stands for a variable, attribute or item that is not there. It prints as nothing, is false and has no items; whatever else is done
/// with it fails with its sentence.
/// </summary>
/// <param name="problem">What is missing.</param>
internal sealed class UndefinedValue(string problem) : Value
{
    public override string TypeName => "Undefined";

    public override bool IsTrue => false;

    public override int? Length => 0;

    public override bool IsSequence => true;

    public JinjaException Error => new(problem);

    public static UndefinedValue Variable(string name) => new($"\"{name}\" is undefined.");

    public override IEnumerable<Value> Items(Meter meter) => [];

    /// <summary>What is missing says more than what it was wanted for.</summary>
    public override JinjaException Unfit(string wanted) => Error;

    public override Value Attribute(string name) => throw Error;

    public override Value Item(Value key, Meter meter) => throw Error;

    public override Value Call(Rendering rendering, Arguments arguments) => throw Error;

    public override void WriteRepr(TextSink sink, Meter meter) => sink.Write("Undefined");
}
