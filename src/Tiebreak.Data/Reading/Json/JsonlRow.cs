using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Reading.Json;

/// <summary>Makes rows of the objects of Tiebreak JSONL (or of a list of such objects).</summary>
internal static class JsonlRow
{
    public static void Read(long line, ReadOnlySpan<byte> json, RowBuilder builder, List<BattleRow> rows)
    {
        Battle battle;
        try
        {
            battle = BattleJson.Read(json);
        }
        catch (FormatException exception)
        {
            builder.Report(exception.Message);
            battle = BrokenBattle.Read(json, builder);
        }

        rows.Add(builder.Finish(line, battle with { Id = battle.Id.Trim() }));
    }
}
