using System.Globalization;

namespace Tiebreak.Core.Battles;

/// <summary>
/// Times as files write them: seconds or milliseconds since 1970, ISO 8601, and dates with the month in words. A date in short numbers
/// (<c>03/04/2024</c>) is none of them: which of two numbers is the month only a whole column can tell.
/// </summary>
internal static class TimeText
{
    // Seconds until the year 5138; larger numbers are milliseconds.
    private const double LargestSeconds = 1e11;

    private static readonly char[] DateSigns = ['/', '.', '-'];

    /// <summary>What is wrong with a time that cannot be read, continuing "the row ...".</summary>
    public static string Unreadable(string text) =>
        $"has the time \"{text}\", which is neither seconds since 1970 nor ISO 8601 (2024-03-04); it was not used";

    /// <summary>What to say of a column some of whose times cannot be read, continuing the name of the file.</summary>
    public static string Undecided(string text) => $"times such as \"{text}\" cannot be read, or could have the day or the month first, "
        + "and were not used. Write them as ISO 8601 (2024-03-04).";

    /// <summary>A number of seconds or milliseconds since 1970 as a time; null for one that is neither.</summary>
    public static DateTimeOffset? OfNumber(double number) => Math.Abs(number) < LargestSeconds * 1000
        ? DateTimeOffset.UnixEpoch.AddSeconds(Math.Abs(number) < LargestSeconds ? number : number / 1000)
        : null;

    /// <summary>The time that a text is; null where it is none, or could be two.</summary>
    public static DateTimeOffset? Parse(string text)
    {
        text = text.Trim();
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return OfNumber(number);
        return !IsShortDate(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : null;
    }

    /// <summary>Reads a column of dates in short numbers that all have the same order of day and month.</summary>
    /// <param name="texts">The texts, all of which <see cref="Parse"/> cannot read.</param>
    /// <returns>A time for each text; null where no order fits all of them, or both do.</returns>
    public static DateTimeOffset[]? ParseColumn(IReadOnlyList<string> texts)
    {
        var dayFirst = texts.Select(text => ParseShort(text, isDayFirst: true)).ToArray();
        var monthFirst = texts.Select(text => ParseShort(text, isDayFirst: false)).ToArray();
        var (fitsDay, fitsMonth) = (Array.TrueForAll(dayFirst, IsTime), Array.TrueForAll(monthFirst, IsTime));
        if (fitsDay == fitsMonth && !dayFirst.SequenceEqual(monthFirst))
            return null;
        return fitsDay ? Array.ConvertAll(dayFirst, time => time!.Value)
            : fitsMonth ? Array.ConvertAll(monthFirst, time => time!.Value) : null;

        static bool IsTime(DateTimeOffset? time) => time is not null;
    }

    // Two short numbers, a sign between them and one behind: 3/4/2024, 03.04.24 17:30.
    private static bool IsShortDate(string text)
    {
        var first = text.IndexOfAny(DateSigns);
        return first is 1 or 2 && text.AsSpan(first + 1).IndexOfAny(DateSigns) is 1 or 2
            && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[first + 1]);
    }

    private static DateTimeOffset? ParseShort(string text, bool isDayFirst)
    {
        text = text.Trim();
        if (!IsShortDate(text))
            return null;

        var parts = text.Split(DateSigns, 3);
        var yearLength = parts[2].AsSpan().IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : parts[2].Length;
        if (yearLength is not (2 or 4))
            return null;
        var (day, month) = isDayFirst ? (parts[0], parts[1]) : (parts[1], parts[0]);
        var year = (yearLength == 2 ? "20" : "") + parts[2][..yearLength];
        return DateTimeOffset.TryParse(
            $"{year}-{month}-{day}{parts[2][yearLength..]}", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
    }
}
