using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// One row of a file as named values, whatever the file was: null, string, bool, long, double, DateTimeOffset, lists
/// (<c>List&lt;object?&gt;</c>) and objects (<c>Dictionary&lt;string, object?&gt;</c>). A value of the wrong type is reported as a problem
/// of the row and read as null.
/// </summary>
/// <param name="values">The values by name.</param>
/// <param name="builder">Takes the problems.</param>
internal sealed class Record(Dictionary<string, object?> values, RowBuilder builder)
{
    public object? this[string name] => values.GetValueOrDefault(name);

    /// <summary>True if the row has a column of this name, with a value or without.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>The first of some names that has a value, or null.</summary>
    public string? FirstOf(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (values.GetValueOrDefault(name) is not null)
                return name;
        }

        return null;
    }

    /// <summary>A text; numbers and truth values as they are written in data frames (<c>True</c>).</summary>
    public string? Text(string? name)
    {
        if (name is null || this[name] is not { } value)
            return null;
        if (TextOf(value) is { } text)
            return text;

        builder.Report($"has a \"{name}\" that is not a text");
        return null;
    }

    /// <summary>The text of a single value, or null for a list or an object.</summary>
    public static string? TextOf(object value) => value switch
    {
        string text => text,
        bool truth => truth ? "True" : "False",
        long or double => Convert.ToString(value, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The number that a value is.</summary>
    /// <param name="value">A <c>long</c> or <c>double</c>.</param>
    public static double NumberOf(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    /// <summary>A text that is needed.</summary>
    public string? NeededText(string name)
    {
        if (!Has(name))
            builder.ReportMissing(name);
        return Text(name);
    }

    /// <summary>A whole number.</summary>
    public long? Integer(string name)
    {
        switch (this[name])
        {
            case null:
                return null;
            case long number:
                return number;
            case double real when Math.Abs(real) < 1e15 && real == Math.Floor(real):
                return (long)real;
            case string text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed):
                return parsed;
            default:
                builder.Report($"has a \"{name}\" that is not a whole number");
                return null;
        }
    }

    /// <summary>A number.</summary>
    public double? Number(string? name)
    {
        switch (name is null ? null : this[name])
        {
            case null or "":
                return null;
            case long number:
                return number;
            case double real:
                return double.IsNaN(real) ? null : real;
            case string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed):
                return parsed;
            default:
                builder.Report($"has a \"{name}\" that is not a number");
                return null;
        }
    }

    /// <summary>
    /// A time: seconds or milliseconds since 1970, or ISO 8601; null for one that cannot be read, or only with the whole column.
    /// </summary>
    public DateTimeOffset? Time(string? name)
    {
        var value = name is null ? null : this[name];
        var time = value switch
        {
            DateTimeOffset known => known,
            long number => TimeText.OfNumber(number),
            double number => TimeText.OfNumber(number),
            string text => TimeText.Parse(text),
            _ => null,
        };
        if (time is null && value is not (null or "") && TextOf(value) is var unread && !string.IsNullOrWhiteSpace(unread))
            builder.ReportTime(unread);
        return time;
    }

    /// <summary>The verdict; an unknown word is a problem and never a tie.</summary>
    public Verdict? Winner(string name = "winner")
    {
        var word = Text(name);
        if (VerdictText.TryParse(
            word, builder.File.WinnerWords, TextIfAny("model_a"), TextIfAny("model_b"), out var verdict, builder.File.NumbersAreScores))
        {
            return verdict;
        }

        builder.ReportWinner(word!);
        return null;
    }

    /// <summary>A list, also one that a cell holds as JSON or in Python's words; null where the value is none.</summary>
    public List<object?>? List(string name) => this[name] switch
    {
        List<object?> list => list,
        string cell => CellValue.List(cell),
        _ => null,
    };

    /// <summary>One text per turn: a list of texts and nulls, or a single text.</summary>
    public void Texts(string name, List<string?> into)
    {
        if (!values.TryGetValue(name, out var value))
            builder.ReportMissing(name);
        else if (value is not List<object?> list)
            into.Add(Text(name));
        else if (list.TrueForAll(item => item is null or string))
            into.AddRange(list.Select(item => (string?)item));
        else
            builder.Report($"has a \"{name}\" that is neither a text nor a list of texts");
    }

    /// <summary>A text, for what a battle can do without: null where there is none, and where the value is a list or an object.</summary>
    public string? TextIfAny(string name) => this[name] is { } value ? TextOf(value) : null;
}
