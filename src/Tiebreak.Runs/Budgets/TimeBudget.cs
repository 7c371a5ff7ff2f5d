using System.Globalization;
using System.Text.RegularExpressions;
using Tiebreak.Core;

namespace Tiebreak.Runs.Budgets;

/// <summary>Time budgets as people write them.</summary>
public static partial class TimeBudget
{
    // .NET's timers take 2^32 - 2 milliseconds: 49.7 days.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    /// <summary>Reads a duration: "9h", "90m", "1h30m", "45s", "2d".</summary>
    /// <exception cref="InputException">Not a duration, or zero, or longer than 49 days.</exception>
    public static TimeSpan ParseDuration(string text)
    {
        var match = Duration().Match(text.Trim());
        var parts = new[] { ("d", 86_400.0), ("h", 3_600), ("m", 60), ("s", 1) }
            .Where(part => match.Groups[part.Item1].Success)
            .Sum(part => double.Parse(match.Groups[part.Item1].ValueSpan, CultureInfo.InvariantCulture) * part.Item2);
        return match.Success && parts > 0 && parts <= Longest.TotalSeconds
            ? TimeSpan.FromSeconds(parts)
            : throw new InputException($"\"{text}\" is no time budget. Write it as 9h, 90m, 1h30m or 45s, up to 49d.");
    }

    /// <summary>Reads a moment: "17:30" (the next time that the clock shows it) or "2026-11-23 17:30".</summary>
    /// <param name="text">The text, in local time.</param>
    /// <param name="now">The present, with the offset of local time.</param>
    /// <exception cref="InputException">Not a moment, or one that has passed or is more than 49 days away.</exception>
    public static DateTimeOffset ParseUntil(string text, DateTimeOffset now)
    {
        if (TimeOnly.TryParseExact(text.Trim(), ["H:mm", "H:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            var today = new DateTimeOffset(now.Date + time.ToTimeSpan(), now.Offset);
            return today > now ? today : today.AddDays(1);
        }

        if (!DateTime.TryParseExact(
            text.Trim(), ["yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
        {
            throw new InputException($"\"{text}\" is no time of day. Write it as 17:30, or with a date as \"2026-11-23 17:30\".");
        }

        var until = new DateTimeOffset(moment, now.Offset);
        if (until <= now)
            throw new InputException($"{text} has passed already. Give a time to come.");
        return until - now <= Longest
            ? until
            : throw new InputException($"{text} is more than {Longest.TotalDays:N0} days away. Give an earlier time.");
    }

    [GeneratedRegex(
        @"^(?=.)(?:(?<d>\d+(?:\.\d+)?)d)?(?:(?<h>\d+(?:\.\d+)?)h)?(?:(?<m>\d+(?:\.\d+)?)m)?(?:(?<s>\d+(?:\.\d+)?)s)?$",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Duration();
}
