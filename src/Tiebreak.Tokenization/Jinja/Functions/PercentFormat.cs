using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>The operator <c>%</c> of texts, as in <c>"%s has %.1f" % (name, number)</c>.</summary>
internal static partial class PercentFormat
{
    /// <param name="format">The text with places such as <c>%s</c> and <c>%(name)d</c>.</param>
    /// <param name="values">A tuple of values, a dictionary for places with names, or a single value.</param>
    /// <param name="meter">Counts.</param>
    public static StringValue Apply(StringValue format, Value values, Meter meter)
    {
        meter.Read(format.Text);
        var sink = new TextSink(meter);
        IReadOnlyList<Value> unnamed = values is ListValue { IsTuple: true } tuple ? tuple.Entries : [values];
        var (at, next) = (0, 0);
        for (var place = Place().Match(format.Text); place.Success; place = place.NextMatch())
        {
            sink.Write(format.Text[at..place.Index]);
            at = place.Index + place.Length;
            Write(place);
        }

        sink.Write(format.Text[at..]);

        // What can be indexed might have been a dictionary: Python forgives that it was not used.
        return next < unnamed.Count && (values is StringValue or ListValue { IsTuple: true } || !values.IsSequence)
            ? throw new JinjaException("The operator % has more values than its text has places.")
            : format.With(sink.ToString());

        void Write(Match place)
        {
            var type = place.Groups["type"].Value;
            if (type is "%")
            {
                sink.Write("%");
                return;
            }

            sink.Write(Converted(format, place, type, place.Groups["name"] is { Success: true } name ? Named(name.Value) : Next(), meter));
        }

        Value Named(string name) => (values as DictValue)?.Item(new StringValue(name), meter)
            ?? throw new JinjaException($"The operator % has no value \"{name}\".");

        Value Next() => next < unnamed.Count
            ? unnamed[next++]
            : throw new JinjaException("The operator % has fewer values than its text has places.");
    }

    private static string Converted(StringValue format, Match place, string type, Value value, Meter meter)
    {
        var flags = place.Groups["flags"].Value;
        var precision = place.Groups["precision"] is { Success: true } digits ? Bounded(digits.Value) : -1;
        var text = type switch
        {
            "s" or "r" => TextOf(format, value, type, meter),
            "d" or "i" or "u" => Whole(value).ToString(CultureInfo.InvariantCulture),
            "x" => Hexadecimal(Whole(value)),
            "X" => Hexadecimal(Whole(value)).ToUpperInvariant(),
            "f" or "F" => NumberText.Fixed(Finite(value), precision < 0 ? 6 : precision),
            _ => throw JinjaException.Unsupported($"\"%{type}\" in the operator %"),
        };
        if (type is "s" or "r")
        {
            if (precision >= 0 && precision < PythonText.Count(text))
                text = PythonText.Part(text, 0, precision);
        }
        else if (!text.StartsWith('-') && (flags.Contains('+', StringComparison.Ordinal) || flags.Contains(' ', StringComparison.Ordinal)))
        {
            text = (flags.Contains('+', StringComparison.Ordinal) ? "+" : " ") + text;
        }

        var missing = Bounded(place.Groups["width"].Value) - PythonText.Count(text);
        if (missing <= 0)
            return text;
        meter.CreateText(missing);
        if (flags.Contains('-', StringComparison.Ordinal))
            return text + new string(' ', missing);
        if (type is "s" or "r" || !flags.Contains('0', StringComparison.Ordinal))
            return new string(' ', missing) + text;
        var sign = text[0] is '-' or '+' or ' ' ? text[..1] : "";
        return sign + new string('0', missing) + text[sign.Length..];
    }

    private static string TextOf(StringValue format, Value value, string type, Meter meter)
    {
        var sink = new TextSink(meter);
        if (value is StringValue text && type is "s")
            sink.Write(format.IsMarkup ? Html.Escape(text, meter).Text : text.Text);
        else if (value is not UndefinedValue)
            value.WriteRepr(sink, meter);
        return sink.ToString();
    }

    private static BigInteger Whole(Value value) => value is FloatValue { Number: var number } && double.IsFinite(number)
        ? new BigInteger(number)
        : Arithmetic.IntegerOf(value) ?? throw value.Unfit("A number is expected by the operator %");

    private static double Finite(Value value) =>
        Arithmetic.IsNumber(value) && Arithmetic.DoubleOf(value) is var number && double.IsFinite(number)
        ? number
        : throw value.Unfit("A number is expected by the operator %");

    private static string Hexadecimal(BigInteger number)
    {
        var digits = BigInteger.Abs(number).ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return (number < 0 ? "-" : "") + (digits.Length == 0 ? "0" : digits);
    }

    private static int Bounded(string digits) => digits.Length switch
    {
        0 => 0,
        > 4 => throw new JinjaException("A width in the operator % is too large."),
        _ => int.Parse(digits, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(
        @"%(?:\((?<name>[^)]*)\))?(?<flags>[-+ #0]*)(?<width>[0-9]*)(?:\.(?<precision>[0-9]*))?(?<type>.|$)",
        RegexOptions.Singleline, 10_000)]
    private static partial Regex Place();
}
