using System.Text.Unicode;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Input;
using Tiebreak.Data.Json;

namespace Tiebreak.Data.Jsonl;

/// <summary>Parses blocks of Tiebreak JSONL (or a list of such objects), on many threads at once.</summary>
internal sealed class JsonlParser(string path, BattleReadOptions options) : IBlockParser
{
    public ParsedBlock Parse(Block block)
    {
        var rows = new List<BattleRow>();
        var builder = new RowBuilder(path, options.Purpose);
        var records = new JsonRecords(block, options.MaxRecordBytes);
        while (records.Next())
        {
            if (records.IsTooLarge)
                return new ParsedBlock(rows, records.TooLarge(path));
            rows.Add(ParseRow(records.Line, records.Current, builder));
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
}
