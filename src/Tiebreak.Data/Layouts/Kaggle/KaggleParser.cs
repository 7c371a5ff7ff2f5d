using System.Buffers;
using System.Text.Unicode;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Layouts.Kaggle;

/// <summary>Parses blocks of the competition's CSV, on many threads at once.</summary>
internal sealed class KaggleParser(string path, KaggleColumns columns, BattleReadOptions options) : IBlockParser
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
        var cursor = new CsvCursor(text, block.Line, options.MaxRecordBytes);
        var fields = new CsvField[columns.Count];
        var builder = new RowBuilder(path, options.Purpose);
        var isUtf8 = Utf8.IsValid(text);
        while (cursor.Next(fields, out var count))
        {
            builder.Clear();
            if (count != columns.Count)
                builder.Report($"has {count} fields where the header has {columns.Count}");
            if (!isUtf8 && !Utf8.IsValid(text[cursor.RecordStart..cursor.Position]))
                builder.Report("is not valid UTF-8");
            fields.AsSpan(Math.Min(count, fields.Length)).Clear();
            rows.Add(ParseRow(cursor.RecordLine, text, fields, builder, scratch));
        }

        return CsvErrors.Explain(path, block, cursor);
    }

    private BattleRow ParseRow(long line, ReadOnlySpan<byte> text, CsvField[] fields, RowBuilder builder, Scratch scratch)
    {
        ReadTexts("prompt", text, fields[columns.Prompt], builder.Prompts, builder, scratch);
        ReadTexts("response_a", text, fields[columns.ResponseA], builder.ResponsesA, builder, scratch);
        ReadTexts("response_b", text, fields[columns.ResponseB], builder.ResponsesB, builder, scratch);
        return builder.Finish(line, new Battle
        {
            Id = fields[columns.Id].Text(text).Trim(),
            Turns = builder.Zip(),
            ModelA = columns.ModelA < 0 ? null : _models.Get(fields[columns.ModelA].Unquoted(text, scratch.Bytes)),
            ModelB = columns.ModelB < 0 ? null : _models.Get(fields[columns.ModelB].Unquoted(text, scratch.Bytes)),
            Verdict = columns.Winners is null ? null : KaggleLabel.Read(text, fields, columns.Winners, builder),
        });
    }

    /// <summary>
    /// Reads a cell with a JSON list of texts; except in training data a cell that is none is kept as it stands, as the text of a single
    /// turn.
    /// </summary>
    private static void ReadTexts(
        string name, ReadOnlySpan<byte> text, CsvField field, List<string?> texts, RowBuilder builder, Scratch scratch)
    {
        if (field.HasQuotes && QuotedTextList.TryRead(field.Raw(text), texts, scratch.Characters))
            return;

        texts.Clear();
        if (JsonTextList.TryRead(field.Unquoted(text, scratch.Bytes), texts, out var reason))
            return;

        builder.Report($"has a {name} that is not a JSON list of texts ({reason})");
        texts.Clear();
        if (builder.Purpose != BattlePurpose.Train)
            texts.Add(field.Length == 0 ? null : field.Text(text));
    }

    /// <summary>Working space for any cell of a block.</summary>
    private readonly record struct Scratch(byte[] Bytes, char[] Characters);
}
