using Tiebreak.Core;

namespace Tiebreak.Data.Reading.Csv;

/// <summary>A small CSV file as it stands, right or wrong: a submission, or numbers by id.</summary>
/// <param name="Separator">What stands between cells: a comma; also a semicolon or a tab, as spreadsheets write them.</param>
/// <param name="Header">The cells of the first line as they are written.</param>
/// <param name="Rows">The cells of the other lines, trimmed, and where they start.</param>
internal sealed record CsvTable(char Separator, List<string> Header, List<(long Line, string[] Cells)> Rows)
{
    private const int BlockBytes = 1 << 20;
    private const int MaxRecordBytes = 1 << 20;
    private const int MostColumns = 4096;

    /// <exception cref="InputException">The file cannot be read as CSV.</exception>
    public static CsvTable Read(string path)
    {
        using var source = SourceFile.Open(path, hash: false);
        var blocks = new BlockReader(source.Text, quoted: true, BlockBytes, MaxRecordBytes);
        var records = new List<(long Line, string[] Cells)>();
        while (source.Next(blocks) is { } block)
        {
            ReadRecords(path, block, records);
            block.Return();
        }

        if (records.Count == 0)
            throw new InputException($"{path} holds nothing but blank lines.");

        var separator = SeparatorOf(records[0].Cells);
        if (separator != ',')
            records = records.ConvertAll(record => (record.Line, string.Join(',', record.Cells).Split(separator)));
        return new CsvTable(
            separator, [.. records[0].Cells],
            [.. records.Skip(1).Select(record => (record.Line, Array.ConvertAll(record.Cells, cell => cell.Trim())))]);
    }

    private static char SeparatorOf(string[] header) =>
        header is not [var only] ? ',' : only.Contains(';', StringComparison.Ordinal) ? ';' : only.Contains('\t') ? '\t' : ',';

    private static void ReadRecords(string path, Block block, List<(long Line, string[] Cells)> records)
    {
        var fields = new CsvField[MostColumns];
        var cursor = new CsvCursor(block.Text, block.Line, MaxRecordBytes);
        while (cursor.Next(fields, out var count))
        {
            if (count > MostColumns)
                throw new InputException($"{path} has {count} columns; more than {MostColumns} are not supported.");
            var cells = new string[count];
            for (var i = 0; i < cells.Length; i++)
                cells[i] = fields[i].Text(block.Text);
            records.Add((cursor.RecordLine, cells));
        }

        if (CsvErrors.Explain(path, block, cursor) is { } error)
            throw error;
    }
}
