using System.Text;

namespace Tiebreak.Data.Layouts;

/// <summary>Lists and objects that a cell holds as text: JSON, or what Python writes (<see cref="PythonLiteral"/>).</summary>
internal static class CellValue
{
    /// <summary>The list that a cell is; null where it is none.</summary>
    public static List<object?>? List(string cell)
    {
        var text = cell.AsSpan().TrimStart();
        return text.StartsWith("[") || text.StartsWith("array(") ? Of(cell) as List<object?> : null;
    }

    /// <summary>The list or object that a cell is; null where it is neither.</summary>
    public static object? Of(string cell)
    {
        var text = cell.AsSpan().Trim();
        if (!text.StartsWith("[") && !text.StartsWith("{") && !text.StartsWith("array("))
            return null;
        return JsonValue.TryRead(Encoding.UTF8.GetBytes(cell), out var value) || PythonLiteral.TryRead(text, out value) ? value : null;
    }
}
