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
            (battle, var unknownWinner, var unreadTime) = BattleJson.Read(json, builder.File.WinnerWords);
            if (unknownWinner is not null)
                builder.ReportWinner(unknownWinner);
            if (unreadTime is not null)
                builder.ReportTime(unreadTime);
        }
        catch (FormatException exception)
        {
            builder.Report(exception.Message);
            battle = BrokenBattle.Read(json, builder);
        }

        rows.Add(builder.Finish(line, battle with { Id = battle.Id.Trim() }));
    }
}
