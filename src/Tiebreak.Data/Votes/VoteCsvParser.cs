using System.Buffers;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Votes;

/// <summary>Parses blocks of votes in CSV, on many threads at once.</summary>
/// <param name="file">The file.</param>
/// <param name="header">Its columns and their separator.</param>
/// <param name="kept">Columns that are kept as they are.</param>
internal sealed class VoteCsvParser(FileReading file, CsvHeader header, string[] kept)
{
    private const int BytesOfRow = 80;

    private readonly ReadColumn[] _columns = Read(file, header, kept);

    private readonly (ColumnPath Path, int Index)[] _paths =
        [.. file.Columns.Paths.Select(path => (path, header.Columns.ToList().IndexOf(path.Column)))];

    public VoteBlock Parse(Block block)
    {
        var text = block.Text;
        var votes = new VoteBlock(kept.Length, text.Length / BytesOfRow);
        var cursor = new CsvCursor(text, block.Line, file.Options.MaxRecordBytes, header.Separator);
        var room = new int[kept.Length];
        var fields = new CsvField[header.Count];
        var unquoted = ArrayPool<byte>.Shared.Rent(text.Length);
        while (cursor.Next(fields, out var count))
        {
            if (!header.Keeps(file.Filter, text, fields, count))
                continue;

            var row = new VoteRowReader(file, votes, room) { HasDecimalCommas = header.Separator != (byte)',' };
            if (count != header.Count)
                row.Report($"has {count} fields where the header has {header.Count}");
            foreach (var column in _columns)
            {
                if (column.Index >= count)
                    break;
                var cell = fields[column.Index].Unquoted(text, unquoted);
                row.Take(column.Holds, cell);
                if (column.Place >= 0)
                    row.Keep(column.Place, cell);
            }

            foreach (var (path, index) in _paths)
            {
                if (index < count)
                    row.Take(path, fields[index].Text(text));
            }

            row.Finish(cursor.RecordLine);
        }

        ArrayPool<byte>.Shared.Return(unquoted);
        votes.Error = CsvErrors.Explain(file.Path, block, cursor);
        return votes;
    }

    /// <summary>The columns that are read; most files have many others.</summary>
    private static ReadColumn[] Read(FileReading file, CsvHeader header, string[] kept)
    {
        var holds = VoteColumns.Find(header.Names(file.Columns));
        var places = VoteColumns.Places(file.Path, header.Columns, kept);
        return [.. Enumerable.Range(0, header.Count).Select(i => new ReadColumn(i, holds[i], places[i]))
            .Where(column => column.Holds != VoteColumn.Other || column.Place >= 0)];
    }

    /// <summary>A column: which of the file, what it holds, and its place among those that are kept, or -1.</summary>
    private readonly record struct ReadColumn(int Index, VoteColumn Holds, int Place);
}
