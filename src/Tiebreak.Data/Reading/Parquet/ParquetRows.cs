using Tiebreak.Data.Layouts;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>The rows of a Parquet file as battles. One row group after the other is in memory; lines are numbers of rows, from 1.</summary>
internal sealed class ParquetRows(FileReading file, ParquetTable table, LayoutReader layout)
{
    public IEnumerable<ParsedBlock> Read(CancellationToken cancellationToken)
    {
        table.CheckTypes();
        var builder = new RowBuilder(file, hasLines: false);
        var columns = table.Columns
            .Where(column => layout.Columns.Contains(file.Columns[column]) || file.Columns.IsEntered(column))
            .Concat(file.Filter?.Columns ?? []).ToHashSet(StringComparer.Ordinal);
        var number = 0L;
        for (var group = 0; group < table.RowGroups; group++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = new List<BattleRow>();
            foreach (var values in table.Rows(group, columns))
            {
                number++;
                if (file.Filter is { } filter && !filter.Keeps(values.GetValueOrDefault))
                    continue;

                builder.Clear();
                layout.Read(number, file.Columns.IsIdentity ? values : Renamed(values), builder, rows);
            }

            yield return new ParsedBlock(rows, Error: null);
        }
    }

    private Dictionary<string, object?> Renamed(Dictionary<string, object?> values)
    {
        var renamed = new Dictionary<string, object?>(values.Count, StringComparer.Ordinal);
        foreach (var (column, value) in values)
            renamed[file.Columns[column]] = value;
        file.Columns.Reach(values, renamed);
        return renamed;
    }
}
