using System.Numerics;
using Tiebreak.Tokenization.Jinja.Evaluation;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>Python's <c>==</c>, <c>&lt;</c> and <c>in</c>.</summary>
internal static class Comparison
{
    public static bool AreEqual(Value left, Value right, Meter meter)
    {
        if (ReferenceEquals(left, right))
            return left is not FloatValue { Number: double.NaN };
        meter.Enter();
        var equal = (left, right) switch
        {
            (StringValue a, StringValue b) => AreEqual(a.Text, b.Text, meter),
            (UndefinedValue, UndefinedValue) => true,
            (ListValue a, ListValue b) => a.IsTuple == b.IsTuple && a.Entries.Count == b.Entries.Count
                && a.Entries.Zip(b.Entries).All(pair => AreEqual(pair.First, pair.Second, meter)),
            (RangeValue a, RangeValue b) => a.Length == b.Length
                && a.Items(meter).Zip(b.Items(meter)).All(pair => AreEqual(pair.First, pair.Second, meter)),
            (DictValue a, DictValue b) => a.Entries.Count == b.Entries.Count
                && a.Entries.All(entry => b.Entries.TryGetValue(entry.Key, out var other) && AreEqual(entry.Value, other, meter)),
            _ => CompareNumbers(left, right) == 0,
        };
        meter.Leave();
        return equal;
    }

    /// <summary>Below 0 where the left value comes first; null where they are not ordered, as NaN is.</summary>
    /// <exception cref="JinjaException">Values of these types have no order.</exception>
    public static int? Compare(Value left, Value right, Meter meter)
    {
        meter.Enter();
        var order = (left, right) switch
        {
            (UndefinedValue undefined, _) => throw undefined.Error,
            (_, UndefinedValue undefined) => throw undefined.Error,
            (StringValue a, StringValue b) => Compare(a.Text, b.Text, meter),
            (ListValue a, ListValue b) when a.IsTuple == b.IsTuple => CompareItems(a, b, meter),
            _ when Arithmetic.IsNumber(left) && Arithmetic.IsNumber(right) => CompareNumbers(left, right),
            _ => throw new JinjaException($"Values of type {left.TypeName} and {right.TypeName} have no order."),
        };
        meter.Leave();
        return order;
    }

    /// <summary>Whether a container has an item, a dictionary a key, a text a part.</summary>
    public static bool Contains(Value container, Value item, Meter meter)
    {
        switch (container)
        {
            case StringValue text:
                var part = item as StringValue ?? throw item.Unfit("A text contains texts");
                meter.Search(text.Text, part.Text);
                return text.Text.Contains(part.Text, StringComparison.Ordinal);
            case DictValue dictionary:
                return dictionary.Entries.ContainsKey(item);
            default:
                var items = container.Items(meter)
                    ?? throw new JinjaException($"A value of type {container.TypeName} contains nothing that could be looked for.");
                return items.Any(entry => AreEqual(entry, item, meter));
        }
    }

    private static bool AreEqual(string left, string right, Meter meter)
    {
        if (left.Length != right.Length)
            return false;
        meter.Scan(left);
        return string.Equals(left, right, StringComparison.Ordinal);
    }

    private static int Compare(string left, string right, Meter meter)
    {
        meter.Scan(left.Length < right.Length ? left : right);
        return PythonText.Compare(left, right);
    }

    private static int? CompareItems(ListValue left, ListValue right, Meter meter)
    {
        foreach (var (a, b) in left.Entries.Zip(right.Entries))
        {
            if (!AreEqual(a, b, meter))
                return Compare(a, b, meter);
        }

        return left.Entries.Count.CompareTo(right.Entries.Count);
    }

    // Null: not both are numbers, or one is NaN.
    private static int? CompareNumbers(Value left, Value right)
    {
        if (Arithmetic.IntegerOf(left) is { } a && Arithmetic.IntegerOf(right) is { } b)
            return a.CompareTo(b);
        if (!Arithmetic.IsNumber(left) || !Arithmetic.IsNumber(right))
            return null;
        var (x, y) = (Arithmetic.DoubleOf(left), Arithmetic.DoubleOf(right));
        if (double.IsNaN(x) || double.IsNaN(y))
            return null;

        // A whole number may have more digits than a double holds: equal doubles are compared once more, exactly.
        return x != y || !double.IsFinite(x) || double.Floor(x) != x ? x.CompareTo(y) : Exact(left, x).CompareTo(Exact(right, y));

        static BigInteger Exact(Value value, double number) => Arithmetic.IntegerOf(value) ?? new BigInteger(number);
    }
}
