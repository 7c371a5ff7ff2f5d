using System.Globalization;

namespace Tiebreak.Samples.Generator.Content;

/// <summary>Filling slots in sentences, and the small repairs that this calls for.</summary>
internal static class Frame
{
    /// <summary>Replaces <c>{name}</c> by its text.</summary>
    public static string Fill(string frame, params ReadOnlySpan<(string Slot, string Text)> slots)
    {
        foreach (var (slot, text) in slots) frame = frame.Replace("{" + slot + "}", text, StringComparison.Ordinal);
        return frame;
    }

    /// <summary>The text with a capital at the beginning.</summary>
    public static string Capital(string text) =>
        text.Length == 0 ? text : string.Concat(text[..1].ToUpperInvariant(), text.AsSpan(1));

    /// <summary>Joins the parts that are not empty by spaces.</summary>
    public static string Join(params ReadOnlySpan<string> parts)
    {
        var kept = new List<string>();
        foreach (var part in parts)
        {
            if (part.Length > 0) kept.Add(part);
        }

        return string.Join(' ', kept);
    }

    /// <summary>A text without the stars that mark key words.</summary>
    public static string Plain(string text) => text.Replace("*", "", StringComparison.Ordinal);

    /// <summary>A whole number as digits.</summary>
    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number with at most the given decimals.</summary>
    public static string Number(double value, int decimals) =>
        Math.Round(value, decimals).ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);
}
