using System.Text;
using Tiebreak.Core;
using Tiebreak.Data.Layouts;

namespace Tiebreak.Data.Reading.Csv;

/// <summary>The first record of a CSV file: its columns, and what stands between them.</summary>
internal sealed class CsvHeader
{
    private const int MostColumns = 4096;

    private CsvHeader(List<string> columns, byte separator) => (Columns, Separator) = (columns, separator);

    /// <summary>The columns in the order of the file, as they are written but for blanks around them.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>What stands between fields: a comma, or what spreadsheets write instead.</summary>
    public byte Separator { get; }

    public int Count => Columns.Count;

    /// <summary>Takes the header off the first block.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="block">The first block that holds more than blank lines.</param>
    /// <param name="maxRecordBytes">The largest record.</param>
    /// <returns>The header, or null where the block holds blank lines only.</returns>
    /// <exception cref="InputException">The header cannot be read.</exception>
    public static CsvHeader? Take(string path, Block block, int maxRecordBytes)
    {
        block.Skip(SeparatorLine(block.Text));
        var fields = new CsvField[MostColumns];
        CsvHeader? best = null;
        var end = 0;
        InputException? error = null;
        foreach (var separator in CsvCursor.Separators)
        {
            var cursor = new CsvCursor(block.Text, block.Line, maxRecordBytes, separator);
            if (!cursor.Next(fields, out var count))
            {
                // With a separator that is not the file's, quotes may well seem to be wrong.
                error ??= CsvErrors.Explain(path, block, cursor);
                continue;
            }

            if (count > MostColumns)
                throw new InputException($"{path} has {count} columns; more than {MostColumns} are not supported.");
            var header = new CsvHeader(Texts(fields.AsSpan(0, count), block.Text), separator);
            if (best is null || header.IsLikelierThan(best))
                (best, end) = (header, cursor.Position);
        }

        if (best is null)
            return error is null ? null : throw error;
        block.Skip(end);
        return best;
    }

    /// <summary>The names of the columns as they are called here.</summary>
    public List<string> Names(ColumnMap map) => [.. Columns.Select(column => map[column])];

    /// <summary>Whether a row is one of those that are to be read.</summary>
    public bool Keeps(RowFilter? filter, ReadOnlySpan<byte> text, CsvField[] fields, int count)
    {
        if (filter is null)
            return true;

        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(count, fields.Length); i++)
        {
            if (filter.Has(Columns[i]))
                values[Columns[i]] = fields[i].Text(text);
        }

        return filter.Keeps(values.GetValueOrDefault);
    }

    /// <summary>The bytes of a first line such as <c>sep=;</c>, by which Excel is told the separator; 0 where there is none.</summary>
    private static int SeparatorLine(ReadOnlySpan<byte> text)
    {
        if (text.Length < 6 || !Ascii.EqualsIgnoreCase(text[..4], "sep=") || !CsvCursor.Separators.Contains(text[4]))
            return 0;
        return text[5..].StartsWith("\r\n"u8) ? 7 : text[5] is (byte)'\r' or (byte)'\n' ? 6 : 0;
    }

    // Several names instead of one; of several, more that are known.
    private bool IsLikelierThan(CsvHeader other) =>
        Count == 1 || other.Count == 1 ? Count > other.Count : Known > other.Known;

    private int Known => Columns.Count(column =>
        RecordLayouts.Columns.Contains(column) || RecordLayouts.Columns.Resembled(column) is not null);

    private static List<string> Texts(ReadOnlySpan<CsvField> fields, ReadOnlySpan<byte> text)
    {
        var names = new List<string>(fields.Length);
        foreach (var field in fields)
            names.Add(field.Text(text).Trim());
        return names;
    }
}
