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
        byte? separator = null;
        while (source.Next(blocks) is { } block)
        {
            separator ??= SeparatorOf(block);
            ReadRecords(path, block, separator ?? (byte)',', records);
            block.Return();
        }

        if (records.Count == 0)
            throw new InputException($"{path} holds nothing but blank lines.");

        return new CsvTable(
            (char)(separator ?? (byte)','), [.. records[0].Cells],
            [.. records.Skip(1).Select(record => (record.Line, Array.ConvertAll(record.Cells, cell => cell.Trim())))]);
    }

    /// <summary>What stands between the cells of the first record; null where the block holds blank lines only.</summary>
    private static byte? SeparatorOf(Block block)
    {
        var fields = new CsvField[1];
        var cursor = new CsvCursor(block.Text, block.Line, MaxRecordBytes);
        if (!cursor.Next(fields, out var count))
            return null;
        if (count > 1)
            return (byte)',';

        var only = fields[0].Raw(block.Text);
        return only.Contains((byte)';') ? (byte)';' : only.Contains((byte)'\t') ? (byte)'\t' : (byte)',';
    }

    private static void ReadRecords(string path, Block block, byte separator, List<(long Line, string[] Cells)> records)
    {
        var fields = new CsvField[MostColumns];
        var cursor = new CsvCursor(block.Text, block.Line, MaxRecordBytes, separator);
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
