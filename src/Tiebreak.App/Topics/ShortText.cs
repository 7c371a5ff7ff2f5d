namespace Tiebreak.App.Topics;

/// <summary>Prompts in tables.</summary>
internal static class ShortText
{
    /// <summary>A text in one line, with its end cut off where it is longer than the line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="characters">How many characters the line has.</param>
    public static string Line(string text, int characters)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > characters ? line[..characters] + "..." : line;
    }
}
