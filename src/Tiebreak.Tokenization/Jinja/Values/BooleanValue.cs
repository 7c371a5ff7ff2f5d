using Tiebreak.Tokenization.Jinja.Evaluation;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>True or false; counts as 1 or 0 where a number is asked for.</summary>
internal sealed class BooleanValue : Value
{
    private BooleanValue(bool flag) => Flag = flag;

    public static BooleanValue True { get; } = new(flag: true);

    public static BooleanValue False { get; } = new(flag: false);

    public bool Flag { get; }

    public override string TypeName => "bool";

    public override bool IsTrue => Flag;

    public static BooleanValue Of(bool flag) => flag ? True : False;

    public override void WriteRepr(TextSink sink, Meter meter) => sink.Write(Flag ? "True" : "False");
}
