using System.Text;
using System.Text.Json;

namespace Tiebreak.Data.Layouts;

/// <summary>Lists and objects that a cell holds as text: JSON, or what Python writes (<see cref="PythonLiteral"/>).</summary>
internal static class CellValue
{
    /// <summary>The list that a cell is; null where it is none.</summary>
    public static List<object?>? List(string cell)
    {
        var text = cell.AsSpan().Trim();
        if (!text.StartsWith("[") && !text.StartsWith("array("))
            return null;
        return (TryReadJson(cell, out var value) || PythonLiteral.TryRead(text, out value)) ? value as List<object?> : null;
    }

    private static bool TryReadJson(string cell, out object? value)
    {
        value = null;
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(cell));
            reader.Read();
            value = JsonValue.Read(ref reader);
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
