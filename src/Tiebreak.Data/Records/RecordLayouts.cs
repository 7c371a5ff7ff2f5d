using Tiebreak.Data.Arena;
using Tiebreak.Data.AutoJ;
using Tiebreak.Data.Chats;
using Tiebreak.Data.ChosenRejected;
using Tiebreak.Data.Kaggle;
using Tiebreak.Data.MtBench;
using Tiebreak.Data.PandaLm;
using Tiebreak.Data.Plain;

namespace Tiebreak.Data.Records;

/// <summary>The layouts that are recognised by their columns.</summary>
internal static class RecordLayouts
{
    /// <summary>The layout of a JSON file, or null for Tiebreak's own and unknown ones.</summary>
    public static IRecordLayout? FindJson(IReadOnlySet<string> names, BattleReadOptions options) =>
        PublicSets(options).Append(new KaggleRecordLayout()).FirstOrDefault(layout => layout.Matches(names));

    /// <summary>The layout of a table (CSV, parquet), or null.</summary>
    public static IRecordLayout? FindTable(IReadOnlySet<string> names, BattleReadOptions options) =>
        PublicSets(options).Append(new KaggleRecordLayout()).Append(new PlainLayout()).FirstOrDefault(layout => layout.Matches(names));

    private static IEnumerable<IRecordLayout> PublicSets(BattleReadOptions options) =>
        [
            new MtBenchLayout(),
            new ArenaLayout(),
            new ChosenRejectedLayout(options.SideSeed),
            new PandaLmLayout(),
            new AutoJLayout(),
            new ChatLayout(),
        ];
}
