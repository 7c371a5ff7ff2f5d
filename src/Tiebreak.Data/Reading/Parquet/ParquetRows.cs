using Tiebreak.Data.Layouts;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>The rows of a Parquet file as battles. One row group after the other is in memory; lines are numbers of rows, from 1.</summary>
internal sealed class ParquetRows(string path, ParquetTable table, LayoutReader layout, BattleReadOptions options)
{
    public IEnumerable<ParsedBlock> Read(CancellationToken cancellationToken)
    {
        table.CheckTypes();
        var builder = new RowBuilder(path, options.Purpose, hasLines: false);
        var number = 0L;
        for (var group = 0; group < table.RowGroups; group++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = new List<BattleRow>();
            foreach (var values in table.Rows(group, layout.Columns))
            {
                builder.Clear();
                layout.Read(++number, values, builder, rows);
            }

            yield return new ParsedBlock(rows, Error: null);
        }
    }
}
