using Tiebreak.Core;

namespace Tiebreak.Data.Reading.Csv;

/// <summary>The first record of a CSV file.</summary>
internal static class CsvHeader
{
    private const int MostColumns = 4096;

    /// <summary>Takes the header off the first block.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="block">The first block that holds more than blank lines.</param>
    /// <param name="maxRecordBytes">The largest record.</param>
    /// <returns>The names in the order of the file, or null where the block holds blank lines only.</returns>
    /// <exception cref="InputException">The header cannot be read.</exception>
    public static List<string>? Take(string path, Block block, int maxRecordBytes)
    {
        var fields = new CsvField[MostColumns];
        var cursor = new CsvCursor(block.Text, block.Line, maxRecordBytes);
        if (!cursor.Next(fields, out var count))
            return CsvErrors.Explain(path, block, cursor) is { } error ? throw error : null;
        if (count > MostColumns)
            throw new InputException($"{path} has {count} columns; more than {MostColumns} are not supported.");

        var names = new List<string>(count);
        foreach (var field in fields.AsSpan(0, count))
            names.Add(field.Text(block.Text).Trim());
        block.Skip(cursor.Position);
        return names;
    }
}
