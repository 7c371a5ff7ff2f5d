using System.Text.Unicode;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Input;

namespace Tiebreak.Data.Jsonl;

/// <summary>Parses blocks of Tiebreak JSONL, on many threads at once.</summary>
internal sealed class JsonlParser(string path, BattleReadOptions options) : IBlockParser
{
    public ParsedBlock Parse(Block block)
    {
        var rows = new List<BattleRow>();
        var builder = new RowBuilder(path, options.Purpose);
        var line = block.Line;
        var rest = block.Text;
        while (!rest.IsEmpty)
        {
            var length = rest.IndexOfAny((byte)'\n', (byte)'\r');
            var record = length < 0 ? rest : rest[..length];
            if (record.Length > options.MaxRecordBytes)
                return new ParsedBlock(rows, TooLarge(line));
            if (!record.Trim(" \t"u8).IsEmpty)
                rows.Add(ParseRow(line, record, builder));
            line++;
            rest = rest[(record.Length + (rest[record.Length..].StartsWith("\r\n"u8) ? 2 : length < 0 ? 0 : 1))..];
        }

        return new ParsedBlock(rows, Error: null);
    }

    private static BattleRow ParseRow(long line, ReadOnlySpan<byte> record, RowBuilder builder)
    {
        builder.Clear();
        if (!Utf8.IsValid(record))
            builder.Report("is not valid UTF-8");

        Battle battle;
        try
        {
            battle = BattleJson.Read(record);
        }
        catch (FormatException exception)
        {
            builder.Report(exception.Message);
            battle = BrokenBattle.Read(record, builder);
        }

        return builder.Finish(line, battle with { Id = battle.Id.Trim() });
    }

    private InputException TooLarge(long line) =>
        new($"{path}, line {line}: the line is larger than {ByteSize.Format(options.MaxRecordBytes)}. Write one JSON object a line, or allow larger records.");
}
