using System.Globalization;
using Tiebreak.Core;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// A range of numbers, both ends included. In a query string: <c>2-5</c>, <c>2-</c>, <c>-5</c>, or <c>2</c> for that number alone.
/// </summary>
/// <param name="Least">The least number; null for no lower bound.</param>
/// <param name="Most">The greatest number; null for no upper bound.</param>
internal readonly record struct NumberRange(double? Least, double? Most)
{
    /// <summary>Reads a range of numbers from 0 on.</summary>
    /// <param name="key">What the range is of, for the error.</param>
    /// <param name="text">The range.</param>
    /// <exception cref="InputException">Not a range, or one that ends before it begins.</exception>
    public static NumberRange Parse(string key, string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var (least, most) = dash < 0 ? (text, text) : (text[..dash], text[(dash + 1)..]);
        if (TryRead(least, out var from) && TryRead(most, out var to) && (from ?? to) is not null && !(from > to))
            return new NumberRange(from, to);
        throw new InputException($"{key}={text} is no range of numbers. Write it as 2-5, 2-, -5 or 2.");
    }

    /// <inheritdoc/>
    public override string ToString() => Least == Most
        ? string.Create(CultureInfo.InvariantCulture, $"{Least}")
        : string.Create(CultureInfo.InvariantCulture, $"{Least}-{Most}");

    private static bool TryRead(string text, out double? number)
    {
        number = null;
        if (text.Length == 0)
            return true;
        const NumberStyles Style = NumberStyles.AllowDecimalPoint;
        if (!double.TryParse(text, Style, CultureInfo.InvariantCulture, out var read) || !double.IsFinite(read))
            return false;
        number = read;
        return true;
    }
}
