using System.Globalization;
using Tiebreak.Data.Layouts;

namespace Tiebreak.Data.Reading;

/// <summary>
/// A value within the objects and lists of a column, as users name it: <c>outputs.0.text</c>, <c>outputs[0].text</c>, or
/// <c>messages[-1]</c> for the last of a list. Text that holds JSON, or what Python writes, is gone through like an object or a list.
/// </summary>
/// <param name="Name">What Tiebreak calls the value.</param>
/// <param name="Column">The column of the file.</param>
/// <param name="Steps">Keys and places, one inside of the other.</param>
/// <param name="Told">The whole path as the user has written it.</param>
internal sealed record ColumnPath(string Name, string Column, IReadOnlyList<string> Steps, string Told)
{
    /// <summary>The path that a text is; null where it does not begin with a column of the file.</summary>
    /// <param name="name">What Tiebreak calls the value.</param>
    /// <param name="text">What the user has written.</param>
    /// <param name="columns">The columns of the file.</param>
    public static ColumnPath? Parse(string name, string text, IReadOnlyCollection<string> columns)
    {
        var steps = StepsOf(text);
        return steps.Length > 1 && ColumnMap.Find(columns, steps[0]) is { } column ? new ColumnPath(name, column, steps[1..], text) : null;
    }

    /// <summary>The last key of a path, which says what the value is; for a column, its name.</summary>
    public static string LastKey(string text) => StepsOf(text).LastOrDefault(step => !IsPlace(step, out _)) ?? text;

    /// <summary>Finds the value.</summary>
    /// <param name="column">The column's value.</param>
    /// <param name="value">The value, which may be null.</param>
    /// <returns>False where the path leads nowhere.</returns>
    public bool TryFind(object? column, out object? value)
    {
        value = column;
        foreach (var step in Steps)
        {
            if (value is string text)
                value = CellValue.Of(text);
            switch (value)
            {
                case Dictionary<string, object?> members when members.TryGetValue(step, out var member):
                    value = member;
                    break;
                case List<object?> items when IsPlace(step, out var place) && place < items.Count && place >= -items.Count:
                    value = items[place < 0 ? items.Count + place : place];
                    break;
                default:
                    value = null;
                    return false;
            }
        }

        return true;
    }

    private static string[] StepsOf(string text) =>
        text.Replace("]", "", StringComparison.Ordinal).Split(['.', '['], StringSplitOptions.RemoveEmptyEntries);

    private static bool IsPlace(string step, out int place) =>
        int.TryParse(step, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out place);
}
