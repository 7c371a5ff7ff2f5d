using Tiebreak.Data.Layouts.Kaggle;

namespace Tiebreak.Data.Layouts;

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
            new CompariaLayout(),
            new ArenaLayout(),
            new ChosenRejectedLayout(options.SideSeed),
            new RatedResponsesLayout(options.SideSeed),
            new PandaLmLayout(),
            new AutoJLayout(),
            new AlpacaEvalLayout(),
            new FastChatPairLayout(),
            new FastChatLogLayout(),
            new HelpSteerLayout(),
            new MultiPrefLayout(),
            new PpeHumanLayout(),
            new PpeCorrectnessLayout(),
            new JudgeBenchLayout(),
            new ShpLayout(),
            new SummaryComparisonsLayout(),
            new WebGptLayout(),
            new ChatLayout(),
        ];
}
