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

    private readonly VoteColumn[] _columns = VoteColumns.Find(header.Names(file.Columns));
    private readonly int[] _places = VoteColumns.Places(file.Path, header.Columns, kept);

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
            for (var i = 0; i < Math.Min(count, header.Count); i++)
            {
                if (_columns[i] != VoteColumn.Other)
                    row.Take(_columns[i], fields[i].Unquoted(text, unquoted));
                if (_places[i] >= 0)
                    row.Keep(_places[i], fields[i].Unquoted(text, unquoted));
            }

            row.Finish(cursor.RecordLine);
        }

        ArrayPool<byte>.Shared.Return(unquoted);
        votes.Error = CsvErrors.Explain(file.Path, block, cursor);
        return votes;
    }
}
