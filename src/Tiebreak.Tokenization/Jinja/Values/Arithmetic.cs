using System.Numerics;
using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Functions;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>Python's operators: numbers, and what <c>+</c>, <c>*</c> and <c>%</c> mean for texts and lists.</summary>
internal static class Arithmetic
{
    /// <summary>The whole number that a value is, where it is one; True counts as 1.</summary>
    public static BigInteger? IntegerOf(Value value) => value switch
    {
        IntegerValue integer => integer.Number,
        BooleanValue boolean => boolean.Flag ? BigInteger.One : BigInteger.Zero,
        _ => null,
    };

    public static bool IsNumber(Value value) => value is IntegerValue or FloatValue or BooleanValue;

    /// <summary>A number as a double.</summary>
    public static double DoubleOf(Value number) => number is FloatValue value ? value.Number : (double)IntegerOf(number)!.Value;

    public static Value Add(Value left, Value right, Meter meter)
    {
        switch (left, right)
        {
            case (StringValue a, StringValue b):
                meter.CreateText((long)a.Text.Length + b.Text.Length);
                return a.IsMarkup || b.IsMarkup
                    ? new StringValue(Html.Escape(a, meter).Text + Html.Escape(b, meter).Text, isMarkup: true)
                    : new StringValue(a.Text + b.Text);
            case (ListValue a, ListValue b) when a.IsTuple == b.IsTuple:
                meter.CreateItems((long)a.Entries.Count + b.Entries.Count);
                return a.With([.. a.Entries, .. b.Entries]);
            default:
                return Numeric("+", left, right, (a, b) => IntegerValue.Of(a + b), (a, b) => a + b);
        }
    }

    public static Value Subtract(Value left, Value right) =>
        Numeric("-", left, right, (a, b) => IntegerValue.Of(a - b), (a, b) => a - b);

    public static Value Multiply(Value left, Value right, Meter meter)
    {
        if (left is StringValue or ListValue && IntegerOf(right) is { } times)
            return Repeat(left, times, meter);
        if (right is StringValue or ListValue && IntegerOf(left) is { } count)
            return Repeat(right, count, meter);
        return Numeric("*", left, right, (a, b) => IntegerValue.Of(a * b), (a, b) => a * b);
    }

    public static Value Divide(Value left, Value right) => Numeric(
        "/", left, right, (a, b) => new FloatValue(Finite((double)a / (double)NotZero(b))), (a, b) => a / NotZero(b));

    public static Value FloorDivide(Value left, Value right) => Numeric(
        "//", left, right, (a, b) => IntegerValue.Of(FloorDivide(a, NotZero(b))), (a, b) => Math.Floor(a / NotZero(b)));

    public static Value Modulo(Value left, Value right, Meter meter) => left is StringValue format
        ? PercentFormat.Apply(format, right, meter)
        : Numeric(
            "%", left, right, (a, b) => IntegerValue.Of(a - (FloorDivide(a, NotZero(b)) * b)), (a, b) => Modulo(a, NotZero(b)));

    public static Value Power(Value left, Value right) => Numeric(
        "**", left, right,
        (a, b) => b < 0
            ? new FloatValue(Math.Pow((double)NotZero(a), (double)b))
            : a.GetBitLength() * (double)b <= JinjaLimits.IntegerBits || BigInteger.Abs(a) <= 1
                ? IntegerValue.Of(BigInteger.Abs(a) <= 1 ? SmallPower(a, b) : BigInteger.Pow(a, (int)b))
                : throw new JinjaException($"A number has more than {JinjaLimits.IntegerBits} bits."),
        (a, b) => a < 0 && double.Floor(b) != b
            ? throw JinjaException.Unsupported("complex numbers, which a negative number to the power of a fraction is")
            : Finite(Math.Pow(b < 0 ? NotZero(a) : a, b)));

    public static Value Negate(Value value) => value switch
    {
        FloatValue number => new FloatValue(-number.Number),
        _ => IntegerValue.Of(-(IntegerOf(value) ?? throw Unfit("-", value))),
    };

    public static Value Plus(Value value) => value is FloatValue ? value : IntegerValue.Of(IntegerOf(value) ?? throw Unfit("+", value));

    private static Value Numeric(
        string symbol, Value left, Value right, Func<BigInteger, BigInteger, Value> integers, Func<double, double, double> floats)
    {
        if (IntegerOf(left) is { } a && IntegerOf(right) is { } b)
            return integers(a, b);
        if (IsNumber(left) && IsNumber(right))
            return new FloatValue(floats(DoubleOf(left), DoubleOf(right)));
        throw left is UndefinedValue
            ? left.Unfit("")
            : right.Unfit($"A value of type {left.TypeName} is followed by \"{symbol}\" and what fits to it");
    }

    private static Value Repeat(Value value, BigInteger times, Meter meter)
    {
        var length = value is StringValue text ? text.Text.Length : value.Length!.Value;
        var count = (int)BigInteger.Min(BigInteger.Max(times, 0), length == 0 ? 0 : int.MaxValue / length);
        if (value is StringValue repeated)
        {
            meter.CreateText((long)count * length);
            return repeated.With(string.Concat(Enumerable.Repeat(repeated.Text, count)));
        }

        meter.CreateItems((long)count * length);
        var list = (ListValue)value;
        return list.With([.. Enumerable.Repeat(list.Entries, count).SelectMany(entries => entries)]);
    }

    private static BigInteger FloorDivide(BigInteger a, BigInteger b)
    {
        var quotient = BigInteger.DivRem(a, b, out var rest);
        return !rest.IsZero && rest.Sign != b.Sign ? quotient - 1 : quotient;
    }

    // The remainder has the sign of the divisor.
    private static double Modulo(double a, double b)
    {
        var rest = a % b;
        return rest == 0 ? Math.CopySign(0, b) : (rest < 0) != (b < 0) ? rest + b : rest;
    }

    private static BigInteger SmallPower(BigInteger a, BigInteger b) => b.IsZero || a.IsOne ? 1 : a.IsZero ? 0 : b.IsEven ? 1 : -1;

    private static BigInteger NotZero(BigInteger divisor) => divisor.IsZero ? throw new JinjaException("Division by zero.") : divisor;

    private static double NotZero(double divisor) => divisor == 0 ? throw new JinjaException("Division by zero.") : divisor;

    private static double Finite(double number) => double.IsFinite(number) ? number : throw new JinjaException("A number is too large.");

    private static JinjaException Unfit(string symbol, Value value) => value.Unfit($"\"{symbol}\" takes a number");
}
