using System.Numerics;
using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>Texts made wider, and widths that templates ask for.</summary>
internal static class Padding
{
    private const int MaxWidth = 1 << 20;

    /// <summary>A width as a template gives it; negative ones are 0.</summary>
    /// <exception cref="JinjaException">It is no whole number, or very large.</exception>
    public static int Width(Value value)
    {
        var width = Arithmetic.IntegerOf(value) ?? throw value.Unfit("A width must be a whole number");
        return width <= MaxWidth ? (int)BigInteger.Max(width, 0) : throw new JinjaException($"A width is larger than {MaxWidth:N0}.");
    }

    /// <summary>A text with a character repeated before and behind it, up to a width in code points.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The width.</param>
    /// <param name="fill">The character; null: a space.</param>
    /// <param name="shareBefore">How many of the missing characters stand before the text.</param>
    /// <param name="meter">Counts.</param>
    public static StringValue Pad(StringValue text, Value width, Value? fill, Func<int, int, int> shareBefore, Meter meter)
    {
        var character = (fill ?? new StringValue(" ")) as StringValue;
        if (character?.Length != 1)
            throw new JinjaException("A text can be padded with one character only.");
        var total = Width(width);
        var missing = Math.Max(0, total - text.Length!.Value);
        meter.CreateText(text.Text.Length + (2L * missing));
        var before = shareBefore(missing, total);
        return text.With(Repeat(before) + text.Text + Repeat(missing - before));

        string Repeat(int count) => string.Concat(Enumerable.Repeat(character.Text, count));
    }

    /// <summary>A text in the middle; with an odd number of missing characters the extra one stands as Python puts it.</summary>
    public static StringValue Center(StringValue text, Value width, Value? fill, Meter meter) =>
        Pad(text, width, fill, (missing, total) => (missing / 2) + (missing & total & 1), meter);
}
