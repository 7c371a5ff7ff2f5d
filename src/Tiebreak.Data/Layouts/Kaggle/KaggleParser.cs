using System.Buffers;
using System.Text.Unicode;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Layouts.Kaggle;

/// <summary>Parses blocks of the competition's CSV, on many threads at once.</summary>
/// <param name="file">The file.</param>
/// <param name="header">Its columns and their separator.</param>
/// <param name="columns">Where the competition's columns stand.</param>
internal sealed class KaggleParser(FileReading file, CsvHeader header, KaggleColumns columns) : IBlockParser
{
    private readonly NamePool _models = new();

    public ParsedBlock Parse(Block block)
    {
        var rows = new List<BattleRow>();
        var scratch = new Scratch(
            ArrayPool<byte>.Shared.Rent(block.Text.Length),
            ArrayPool<char>.Shared.Rent(block.Text.Length + QuotedTextList.Slack));
        try
        {
            return new ParsedBlock(rows, Parse(block, rows, scratch));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch.Bytes);
            ArrayPool<char>.Shared.Return(scratch.Characters);
        }
    }

    private InputException? Parse(Block block, List<BattleRow> rows, Scratch scratch)
    {
        var text = block.Text;
        var cursor = new CsvCursor(text, block.Line, file.Options.MaxRecordBytes, header.Separator);
        var fields = new CsvField[header.Count];
        var builder = new RowBuilder(file);
        var isUtf8 = Utf8.IsValid(text);
        while (cursor.Next(fields, out var count))
        {
            if (!header.Keeps(file.Filter, text, fields, count))
                continue;

            builder.Clear();
            if (count != header.Count)
                builder.Report($"has {count} fields where the header has {header.Count}");
            if (!isUtf8 && !Utf8.IsValid(text[cursor.RecordStart..cursor.Position]))
                builder.Report(RowBuilder.NotUtf8);
            fields.AsSpan(Math.Min(count, fields.Length)).Clear();
            rows.Add(ParseRow(cursor.RecordLine, text, fields, builder, scratch));
        }

        return CsvErrors.Explain(file.Path, block, cursor);
    }

    private BattleRow ParseRow(long line, ReadOnlySpan<byte> text, CsvField[] fields, RowBuilder builder, Scratch scratch)
    {
        if (!TryReadLists(text, fields, builder, scratch))
        {
            builder.Prompts.Clear();
            builder.ResponsesA.Clear();
            builder.ResponsesB.Clear();
            TextCells.Read(
                Cell(text, fields[columns.Prompt]), Cell(text, fields[columns.ResponseA]), Cell(text, fields[columns.ResponseB]), builder,
                expectsLists: true);
        }

        return builder.Finish(line, new Battle
        {
            Id = fields[columns.Id].Text(text).Trim(),
            Turns = builder.Zip(),
            ModelA = columns.ModelA < 0 ? null : _models.Get(fields[columns.ModelA].Unquoted(text, scratch.Bytes)),
            ModelB = columns.ModelB < 0 ? null : _models.Get(fields[columns.ModelB].Unquoted(text, scratch.Bytes)),
            Verdict = columns.Winners is null ? null : KaggleLabel.Read(text, fields, columns.Winners, builder),
        });
    }

    private bool TryReadLists(ReadOnlySpan<byte> text, CsvField[] fields, RowBuilder builder, Scratch scratch) =>
        TryReadList(text, fields[columns.Prompt], builder.Prompts, scratch)
        && TryReadList(text, fields[columns.ResponseA], builder.ResponsesA, scratch)
        && TryReadList(text, fields[columns.ResponseB], builder.ResponsesB, scratch);

    /// <summary>Reads a cell with a JSON list of texts, as almost all are.</summary>
    private static bool TryReadList(ReadOnlySpan<byte> text, CsvField field, List<string?> texts, Scratch scratch)
    {
        if (field.HasQuotes && QuotedTextList.TryRead(field.Raw(text), texts, scratch.Characters))
            return true;

        texts.Clear();
        return JsonTextList.TryRead(field.Unquoted(text, scratch.Bytes), texts, out _);
    }

    private static string? Cell(ReadOnlySpan<byte> text, CsvField field) => field.IsMissing(text) ? null : field.Text(text);

    /// <summary>Working space for any cell of a block.</summary>
    private readonly record struct Scratch(byte[] Bytes, char[] Characters);
}
