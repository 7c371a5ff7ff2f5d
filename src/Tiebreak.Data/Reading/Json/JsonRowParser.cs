using System.Text.Unicode;

namespace Tiebreak.Data.Reading.Json;

/// <summary>Parses blocks of JSON objects, lines or elements of a list, on many threads at once.</summary>
/// <param name="file">The file.</param>
/// <param name="read">Makes the rows of an object; called on many threads, with a builder that may already hold problems.</param>
internal sealed class JsonRowParser(FileReading file, JsonRowParser.Reading read) : IBlockParser
{
    /// <summary>Adds the rows of the JSON of one record.</summary>
    public delegate void Reading(long line, ReadOnlySpan<byte> json, RowBuilder builder, List<BattleRow> rows);

    public ParsedBlock Parse(Block block)
    {
        var rows = new List<BattleRow>();
        var builder = new RowBuilder(file);
        var records = new JsonRecords(block, file.Options.MaxRecordBytes);
        while (records.Next())
        {
            if (records.IsTooLarge)
                return new ParsedBlock(rows, records.TooLarge(file.Path));

            if (file.Filter is { } filter && !filter.Keeps(records.Current))
                continue;

            builder.Clear();
            if (!Utf8.IsValid(records.Current))
                builder.Report(RowBuilder.NotUtf8);
            read(records.Line, records.Current, builder, rows);
        }

        return new ParsedBlock(rows, Error: null);
    }
}
