using System.Numerics;
using Tiebreak.Tokenization.Jinja.Evaluation;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>Indexes and slices with Python's rules: negative ones count from the end, slices never miss.</summary>
internal static class Indexing
{
    /// <summary>The position that an index names, or null where it is no whole number or beyond the ends.</summary>
    public static int? Position(Value index, int length)
    {
        if (Arithmetic.IntegerOf(index) is not { } number)
            return null;
        number = number < 0 ? number + length : number;
        return number >= 0 && number < length ? (int)number : null;
    }

    /// <summary>A slice of a text, list, tuple or range.</summary>
    public static Value Slice(Value target, Value start, Value stop, Value step, Meter meter)
    {
        if (target is not (StringValue or ListValue or RangeValue))
            throw target.Unfit("A text, list or range can be sliced");
        var length = target.Length!.Value;
        var by = Bound(step) ?? 1;
        if (by.IsZero)
            throw new JinjaException("The step of a slice is zero.");
        var isForward = by > 0;
        var first = End(Bound(start), isForward ? 0 : length - 1);
        var last = End(Bound(stop), isForward ? length : -1);
        var distance = isForward ? last - first : first - last;
        var count = distance <= 0 ? 0 : (int)(((distance - 1) / BigInteger.Abs(by)) + 1);
        return target switch
        {
            RangeValue range => range.Slice((int)first, (int)last, by, count),
            StringValue text => SliceText(text, (int)first, by, count, meter),
            _ => SliceItems((ListValue)target, (int)first, by, count, meter),
        };

        // An end beyond the sequence is moved to its end, one before it to its beginning.
        BigInteger End(BigInteger? bound, int absent)
        {
            if (bound is not { } end)
                return absent;
            end = end < 0 ? end + length : end;
            return BigInteger.Max(isForward ? 0 : -1, BigInteger.Min(isForward ? length : length - 1, end));
        }
    }

    private static StringValue SliceText(StringValue text, int first, BigInteger by, int count, Meter meter)
    {
        meter.Scan(text.Text);
        meter.CreateText(count);
        if (by.IsOne || count <= 1)
            return text.With(count == 0 ? "" : PythonText.Part(text.Text, first, count));
        meter.CreateItems(text.Text.Length);
        string[] characters = [.. PythonText.CodePoints(text.Text)];
        return text.With(string.Concat(Enumerable.Range(0, count).Select(i => characters[(int)(first + (i * by))])));
    }

    private static ListValue SliceItems(ListValue list, int first, BigInteger by, int count, Meter meter)
    {
        meter.CreateItems(count);
        return list.With([.. Enumerable.Range(0, count).Select(i => list.Entries[(int)(first + (i * by))])]);
    }

    private static BigInteger? Bound(Value value) => value is NoneValue
        ? null
        : Arithmetic.IntegerOf(value) ?? throw value.Unfit("The ends of a slice must be whole numbers");
}
