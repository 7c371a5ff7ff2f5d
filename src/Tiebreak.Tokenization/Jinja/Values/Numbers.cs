using System.Numerics;
using Tiebreak.Tokenization.Jinja.Evaluation;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>A whole number of any size up to <see cref="JinjaLimits.IntegerBits"/>.</summary>
internal sealed class IntegerValue : Value
{
    private IntegerValue(BigInteger number) => Number = number;

    public BigInteger Number { get; }

    public override string TypeName => "int";

    public override bool IsTrue => !Number.IsZero;

    public static IntegerValue Of(BigInteger number) => number.GetBitLength() <= JinjaLimits.IntegerBits
        ? new IntegerValue(number)
        : throw new JinjaException($"A number has more than {JinjaLimits.IntegerBits} bits.");

    public override void WriteRepr(TextSink sink, Meter meter) => sink.Write(Number.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>A number with a fraction.</summary>
internal sealed class FloatValue(double number) : Value
{
    public double Number { get; } = number;

    public override string TypeName => "float";

    public override bool IsTrue => Number != 0;

    public override void WriteRepr(TextSink sink, Meter meter) => sink.Write(NumberText.Repr(Number));
}

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
