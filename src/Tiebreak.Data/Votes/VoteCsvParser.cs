using System.Buffers;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Votes;

/// <summary>Parses blocks of votes in CSV, on many threads at once.</summary>
/// <param name="path">The file.</param>
/// <param name="columns">What the columns hold.</param>
/// <param name="kept">The place of each column among those that are kept as they are, or -1.</param>
/// <param name="keptCount">How many are kept.</param>
/// <param name="maxRecordBytes">The largest row.</param>
internal sealed class VoteCsvParser(string path, VoteColumn[] columns, int[] kept, int keptCount, int maxRecordBytes)
{
    private const int BytesOfRow = 80;

    public VoteBlock Parse(Block block)
    {
        var text = block.Text;
        var votes = new VoteBlock(keptCount, text.Length / BytesOfRow);
        var cursor = new CsvCursor(text, block.Line, maxRecordBytes);
        var room = new int[keptCount];
        var fields = new CsvField[columns.Length];
        var unquoted = ArrayPool<byte>.Shared.Rent(text.Length);
        while (cursor.Next(fields, out var count))
        {
            var row = new VoteRowReader(votes, room);
            if (count != columns.Length)
                row.Report($"has {count} fields where the header has {columns.Length}");
            for (var i = 0; i < Math.Min(count, columns.Length); i++)
            {
                if (columns[i] != VoteColumn.Other)
                    row.Take(columns[i], fields[i].Unquoted(text, unquoted));
                if (kept[i] >= 0)
                    row.Keep(kept[i], fields[i].Unquoted(text, unquoted));
            }

            row.Finish(path, cursor.RecordLine);
        }

        ArrayPool<byte>.Shared.Return(unquoted);
        votes.Error = CsvErrors.Explain(path, block, cursor);
        return votes;
    }
}
