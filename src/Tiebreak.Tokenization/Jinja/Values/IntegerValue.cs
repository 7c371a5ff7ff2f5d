using System.Globalization;
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

    public override void WriteRepr(TextSink sink, Meter meter) => sink.Write(Number.ToString(CultureInfo.InvariantCulture));
}
