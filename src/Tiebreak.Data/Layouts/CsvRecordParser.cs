using System.Text.Unicode;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Parses blocks of CSV in the layout of a public data set, on many threads at once. Cells are texts, blank ones missing values.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="header">Its columns and their separator.</param>
/// <param name="layout">Makes battles of the values.</param>
internal sealed class CsvRecordParser(FileReading file, CsvHeader header, LayoutReader layout) : IBlockParser
{
    private readonly List<string> _names = header.Names(file.Columns);

    public ParsedBlock Parse(Block block)
    {
        var rows = new List<BattleRow>();
        var text = block.Text;
        var cursor = new CsvCursor(text, block.Line, file.Options.MaxRecordBytes, header.Separator);
        var fields = new CsvField[header.Count];
        var builder = new RowBuilder(file);
        while (cursor.Next(fields, out var count))
        {
            if (!header.Keeps(file.Filter, text, fields, count))
                continue;

            builder.Clear();
            if (count != header.Count)
                builder.Report($"has {count} fields where the header has {header.Count}");
            if (!Utf8.IsValid(text[cursor.RecordStart..cursor.Position]))
                builder.Report(RowBuilder.NotUtf8);

            var values = new Dictionary<string, object?>(StringComparer.Ordinal);
            for (var i = 0; i < Math.Min(count, fields.Length); i++)
            {
                if (layout.Columns.Contains(_names[i]))
                    values[_names[i]] = fields[i].IsMissing(text) ? null : fields[i].Text(text);
            }

            Reach(text, fields.AsSpan(0, Math.Min(count, fields.Length)), values);
            layout.Read(cursor.RecordLine, values, builder, rows);
        }

        return new ParsedBlock(rows, CsvErrors.Explain(file.Path, block, cursor));
    }

    /// <summary>Adds the values that paths lead to, within cells that hold objects or lists.</summary>
    private void Reach(ReadOnlySpan<byte> text, ReadOnlySpan<CsvField> fields, Dictionary<string, object?> values)
    {
        if (file.Columns.Paths.Count == 0)
            return;

        var entered = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < fields.Length; i++)
        {
            if (file.Columns.IsEntered(header.Columns[i]))
                entered[header.Columns[i]] = fields[i].IsMissing(text) ? null : fields[i].Text(text);
        }

        file.Columns.Reach(entered, values);
    }
}
