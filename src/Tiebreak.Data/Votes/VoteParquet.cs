using System.Globalization;
using System.Text;
using Tiebreak.Data.Layouts;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Parquet;

namespace Tiebreak.Data.Votes;

/// <summary>Reads votes of a Parquet file, a block for each of its row groups. Lines are numbers of rows, from 1.</summary>
/// <param name="file">The file; its columns are known.</param>
/// <param name="table">The same, opened.</param>
/// <param name="kept">Columns that are kept as they are.</param>
internal sealed class VoteParquet(FileReading file, ParquetTable table, string[] kept)
{
    public IEnumerable<VoteBlock> Read(CancellationToken cancellationToken)
    {
        var holds = VoteColumns.Find(table.Columns.Select(column => file.Columns[column]));
        var places = VoteColumns.Places(file.Path, table.Columns, kept);
        var columns = Enumerable.Range(0, holds.Length).Where(i => holds[i] != VoteColumn.Other || places[i] >= 0).ToArray();
        var wanted = columns.Select(i => table.Columns[i]).Concat(table.Columns.Where(file.Columns.IsEntered))
            .Concat(file.Filter?.Columns ?? []).ToHashSet(StringComparer.Ordinal);
        var number = 0L;
        for (var group = 0; group < table.RowGroups; group++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = table.Rows(group, wanted);
            var votes = new VoteBlock(kept.Length, rows.Count);
            foreach (var values in rows)
            {
                number++;
                if (file.Filter?.Keeps(values.GetValueOrDefault) is not false)
                    Read(values, columns, holds, places, votes, number);
            }

            yield return votes;
        }
    }

    private void Read(
        Dictionary<string, object?> values, int[] columns, VoteColumn[] holds, int[] places, VoteBlock votes, long number)
    {
        var row = new VoteRowReader(file, votes, new int[kept.Length]);
        foreach (var i in columns)
        {
            var value = values[table.Columns[i]];
            if (value is null)
                continue;
            if (TextOf(value) is not { } text)
            {
                row.Report($"has a {table.Columns[i]} that is neither a text nor a number");
                continue;
            }

            var cell = Encoding.UTF8.GetBytes(text);
            row.Take(holds[i], cell);
            if (places[i] >= 0)
                row.Keep(places[i], cell);
        }

        foreach (var path in file.Columns.Paths)
            row.Take(path, values[path.Column]);
        row.Finish(number);
    }

    private static string? TextOf(object value) =>
        value is DateTimeOffset time ? time.ToString("O", CultureInfo.InvariantCulture) : Record.TextOf(value);
}
