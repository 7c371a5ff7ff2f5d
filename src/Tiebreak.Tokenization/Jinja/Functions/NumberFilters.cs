using System.Globalization;
using System.Numerics;
using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>Filters that compute with numbers.</summary>
internal static class NumberFilters
{
    private static readonly string[] DecimalUnits = ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    private static readonly string[] BinaryUnits = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

    public static Value Abs(Rendering rendering, Value value, Arguments arguments)
    {
        arguments.Bind("abs");
        return value switch
        {
            FloatValue number => new FloatValue(Math.Abs(number.Number)),
            _ => IntegerValue.Of(BigInteger.Abs(Arithmetic.IntegerOf(value) ?? throw NoNumber("abs", value))),
        };
    }

    /// <summary>A whole number: what lies behind the point goes, and what is no number becomes the default.</summary>
    public static Value Integer(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("int", "default?", "base?");
        var number = value switch
        {
            StringValue text => NumberText.ParseInteger(text.Text, bound[1] is { } radix ? Padding.Width(radix) : 10)
                ?? Truncated(NumberText.ParseFloat(text.Text)),
            UndefinedValue undefined => throw undefined.Error,
            FloatValue { Number: double.PositiveInfinity or double.NegativeInfinity } =>
                throw new JinjaException("Infinity is no whole number."),
            FloatValue fraction => Truncated(fraction.Number),
            _ => Arithmetic.IntegerOf(value),
        };
        return number is { } whole ? IntegerValue.Of(whole) : bound[0] ?? IntegerValue.Of(0);
    }

    public static Value Float(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("float", "default?");
        var number = value switch
        {
            StringValue text => NumberText.ParseFloat(text.Text),
            UndefinedValue undefined => throw undefined.Error,
            _ when Arithmetic.IsNumber(value) => Arithmetic.DoubleOf(value),
            _ => null,
        };
        return number is { } known ? new FloatValue(known) : bound[0] ?? new FloatValue(0);
    }

    /// <summary>Rounds; whole numbers stay whole with the usual method, and everything else becomes a fraction.</summary>
    public static Value Round(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("round", "precision?", "method?");
        var places = (int)BigInteger.Min(BigInteger.Max(
            bound[0] is { } precision ? Arithmetic.IntegerOf(precision) ?? throw NoNumber("round", precision) : 0, -400), 400);
        if (!Arithmetic.IsNumber(value))
            throw NoNumber("round", value);
        switch (bound[1] is { } method ? (method as StringValue)?.Text : "common")
        {
            case "common" when value is FloatValue number:
                return new FloatValue(NumberText.Round(number.Number, places));
            case "common" when places >= 0:
                return IntegerValue.Of(Arithmetic.IntegerOf(value)!.Value);
            case "common":
                throw JinjaException.Unsupported("rounding whole numbers to tens");
            case "ceil":
                return Scaled(Math.Ceiling);
            case "floor":
                return Scaled(Math.Floor);
            default:
                throw new JinjaException("\"round\" knows the methods common, ceil and floor.");
        }

        FloatValue Scaled(Func<double, double> round)
        {
            var scale = Math.Pow(10, places);
            return new FloatValue(round(Arithmetic.DoubleOf(value) * scale) / scale);
        }
    }

    public static Value Sum(Rendering rendering, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("sum", "attribute?", "start?");
        var sum = bound[1] ?? IntegerValue.Of(0);
        if (sum is StringValue)
            throw new JinjaException("\"sum\" adds no texts; use \"join\".");
        var getter = AttributePath.Of(bound[0]);
        return rendering.Items(value).Aggregate(sum, (total, item) => Arithmetic.Add(total, getter.Get(rendering, item), rendering.Meter));
    }

    /// <summary>A number of bytes for people: 13 kB, 4.1 MB.</summary>
    public static Value FileSize(Rendering rendering, Value value, Arguments arguments)
    {
        var isBinary = arguments.Bind("filesizeformat", "binary?")[0]?.IsTrue ?? false;
        var bytes = value is StringValue text
            ? NumberText.ParseFloat(text.Text)
            : Arithmetic.IsNumber(value) ? Arithmetic.DoubleOf(value) : null;
        if (bytes is not { } count || !double.IsFinite(count))
            throw NoNumber("filesizeformat", value);
        var (scale, units) = isBinary ? (1024d, BinaryUnits) : (1000d, DecimalUnits);
        if (count < scale)
        {
            return new StringValue(count == 1
                ? "1 Byte"
                : string.Create(CultureInfo.InvariantCulture, $"{Math.Truncate(count):F0} Bytes"));
        }

        var unit = 0;
        while (unit < units.Length - 1 && count >= Math.Pow(scale, unit + 2))
            unit++;
        return new StringValue($"{NumberText.Fixed(scale * count / Math.Pow(scale, unit + 2), 1)} {units[unit]}");
    }

    private static BigInteger? Truncated(double? number) => number is { } value && double.IsFinite(value) ? new BigInteger(value) : null;

    private static JinjaException NoNumber(string filter, Value value) => value.Unfit($"\"{filter}\" takes a number");
}
