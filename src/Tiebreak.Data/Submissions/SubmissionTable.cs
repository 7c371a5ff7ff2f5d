using Tiebreak.Core;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Submissions;

/// <summary>A submission as it stands in its file, right or wrong.</summary>
/// <param name="Header">The cells of the first line.</param>
/// <param name="Rows">The cells of the other lines, trimmed, and where they start.</param>
internal sealed record SubmissionTable(List<string> Header, List<(long Line, string[] Cells)> Rows)
{
    private const int BlockBytes = 1 << 20;
    private const int MaxRecordBytes = 1 << 20;

    /// <exception cref="InputException">The file cannot be read as CSV.</exception>
    public static SubmissionTable Read(string path)
    {
        using var source = SourceFile.Open(path, hash: false);
        var blocks = new BlockReader(source.Text, quoted: true, BlockBytes, MaxRecordBytes);
        List<string>? header = null;
        var rows = new List<(long Line, string[] Cells)>();
        try
        {
            while (blocks.Next() is { } block)
            {
                header ??= CsvHeader.Take(path, block, MaxRecordBytes)?.Columns.ToList();
                if (header is not null)
                    ReadRows(path, block, header.Count, rows);
                block.Return();
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw SourceFile.Explain(path, exception);
        }

        return header is null ? throw new InputException($"{path} holds nothing but blank lines.") : new SubmissionTable(header, rows);
    }

    private static void ReadRows(string path, Block block, int columns, List<(long Line, string[] Cells)> rows)
    {
        // Room for some more than there should be, to tell how many too many.
        var fields = new CsvField[columns + 64];
        var cursor = new CsvCursor(block.Text, block.Line, MaxRecordBytes);
        while (cursor.Next(fields, out var count))
        {
            var cells = new string[Math.Min(count, fields.Length)];
            for (var i = 0; i < cells.Length; i++)
                cells[i] = fields[i].Text(block.Text).Trim();
            rows.Add((cursor.RecordLine, cells));
        }

        if (CsvErrors.Explain(path, block, cursor) is { } error)
            throw error;
    }
}
