namespace Tiebreak.Core.Files;

/// <summary>Text files of many lines, which are written one by one: the whole text never lies in memory.</summary>
internal static class LineFile
{
    /// <summary>Writes lines in UTF-8; each ends with a line feed on every system, so that the bytes are the same.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="lines">The lines, without their ends.</param>
    public static async Task WriteAsync(string path, IEnumerable<string> lines)
    {
        var writer = new StreamWriter(path) { NewLine = "\n" };
        await using var closing = writer.ConfigureAwait(false);
        foreach (var line in lines)
            await writer.WriteLineAsync(line).ConfigureAwait(false);
    }
}
