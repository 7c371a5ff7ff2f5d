using System.Text.Unicode;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Parses blocks of CSV in the layout of a public data set, on many threads at once. Cells are texts, blank ones missing values.
/// </summary>
internal sealed class CsvRecordParser(string path, List<string> names, LayoutReader layout, BattleReadOptions options) : IBlockParser
{
    public ParsedBlock Parse(Block block)
    {
        var rows = new List<BattleRow>();
        var text = block.Text;
        var cursor = new CsvCursor(text, block.Line, options.MaxRecordBytes);
        var fields = new CsvField[names.Count];
        var builder = new RowBuilder(path, options.Purpose);
        while (cursor.Next(fields, out var count))
        {
            builder.Clear();
            if (count != names.Count)
                builder.Report($"has {count} fields where the header has {names.Count}");
            if (!Utf8.IsValid(text[cursor.RecordStart..cursor.Position]))
                builder.Report("is not valid UTF-8");

            var values = new Dictionary<string, object?>(StringComparer.Ordinal);
            for (var i = 0; i < Math.Min(count, fields.Length); i++)
            {
                if (layout.Columns.Contains(names[i]))
                    values[names[i]] = fields[i].IsMissing(text) ? null : fields[i].Text(text);
            }

            layout.Read(cursor.RecordLine, values, builder, rows);
        }

        return new ParsedBlock(rows, CsvErrors.Explain(path, block, cursor));
    }
}
