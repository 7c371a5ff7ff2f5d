using System.Text;

namespace Tiebreak.Text;

/// <summary>Lower case, character by character, by the rules of no language.</summary>
internal static class Casing
{
    /// <summary>
    /// Does what <see cref="MemoryExtensions.ToLowerInvariant"/> does to texts without surrogate pairs that have a case, but many
    /// characters at a time where they are ASCII: with invariant globalisation .NET takes them one by one.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="lower">Receives as many characters.</param>
    public static void ToLower(ReadOnlySpan<char> text, Span<char> lower)
    {
        while (!text.IsEmpty)
        {
            Ascii.ToLower(text, lower, out var done);
            for (; done < text.Length && text[done] >= 128; done++)
                lower[done] = char.ToLowerInvariant(text[done]);
            text = text[done..];
            lower = lower[done..];
        }
    }
}
