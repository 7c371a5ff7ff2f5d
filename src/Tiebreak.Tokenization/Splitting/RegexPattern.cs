using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Tiebreak.Core;
using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>
/// Any regular expression, the slow way. .NET's engine works on UTF-16 units and takes a character beyond the basic plane for two
/// surrogates; so it is given one unit per character: a character beyond the basic plane is stood in for by a rare one of the same Unicode
/// category.
/// </summary>
internal sealed class RegexPattern : ITextPattern
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>For every category a character of the basic plane that no pattern names.</summary>
    private static readonly char[] StandIns = CreateStandIns();

    private readonly Regex _regex;

    /// <summary>Creates the pattern.</summary>
    /// <exception cref="InputException">.NET cannot read it.</exception>
    public RegexPattern(string pattern, string path)
    {
        try
        {
            _regex = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, Patience);
        }
        catch (ArgumentException exception)
        {
            throw new InputException(
                $"{path}: the pattern {pattern} cannot be read as a .NET regular expression ({exception.Message}); "
                    + "Tiebreak cannot use this tokenizer.",
                exception);
        }
    }

    public void Find(ReadOnlySpan<byte> text, int start, int end, PieceList matches)
    {
        var units = ArrayPool<char>.Shared.Rent(end - start + 1);
        var places = ArrayPool<int>.Shared.Rent(end - start + 1);
        try
        {
            var count = 0;
            for (var at = start; at < end; count++)
            {
                var codePoint = CodePoint.Decode(text, at, out var length);
                units[count] = codePoint < 0x10000 ? (char)codePoint : StandIns[(int)CharUnicodeInfo.GetUnicodeCategory(codePoint)];
                places[count] = at;
                at += length;
            }

            places[count] = end;
            foreach (var match in _regex.EnumerateMatches(units.AsSpan(0, count)))
                matches.Add(places[match.Index], places[match.Index + match.Length]);
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new InputException(
                $"The tokenizer's pattern {_regex} needs over {Patience.TotalSeconds} seconds for one text: "
                    + "it is not one of the patterns that Tiebreak knows.",
                exception);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(units);
            ArrayPool<int>.Shared.Return(places);
        }
    }

    private static char[] CreateStandIns()
    {
        var standIns = new char[Enum.GetValues<UnicodeCategory>().Length];
        for (var unit = 0x0800; unit < 0x10000; unit++)
        {
            if (!char.IsSurrogate((char)unit))
                standIns[(int)CharUnicodeInfo.GetUnicodeCategory(unit)] = (char)unit;
        }

        for (var unit = 0x7FF; unit > 0; unit--)
        {
            ref var standIn = ref standIns[(int)CharUnicodeInfo.GetUnicodeCategory(unit)];
            if (standIn == 0)
                standIn = (char)unit;
        }

        return standIns;
    }
}
