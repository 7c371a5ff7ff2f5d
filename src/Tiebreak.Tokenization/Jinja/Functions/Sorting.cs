using System.Runtime.ExceptionServices;
using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>Sorting as Python's <c>sorted</c> does it: stable, also backwards.</summary>
internal static class Sorting
{
    /// <exception cref="JinjaException">Two keys have no order.</exception>
    public static List<Value> Sort(IReadOnlyList<Value> items, Func<Value, Value> keyOf, bool isDescending, Meter meter)
    {
        meter.CreateItems(items.Count);
        var keyed = items.Select(item => (Item: item, Key: keyOf(item))).ToList();
        var comparer = Comparer<Value>.Create((a, b) => Comparison.Compare(a, b, meter) ?? 0);
        try
        {
            var sorted = isDescending
                ? keyed.OrderByDescending(pair => pair.Key, comparer)
                : keyed.OrderBy(pair => pair.Key, comparer);
            return [.. sorted.Select(pair => pair.Item)];
        }
        catch (InvalidOperationException exception) when (exception.InnerException is JinjaException problem)
        {
            ExceptionDispatchInfo.Throw(problem);
            throw;
        }
    }

    /// <summary>Texts in lower case, other values as they are: what sorting without regard to case looks at.</summary>
    public static Value IgnoreCase(Value value, Meter meter)
    {
        if (value is not StringValue text)
            return value;
        meter.CreateText(text.Text.Length);
        return new StringValue(LetterCase.Lower(text.Text));
    }
}
