using Tiebreak.Core.Battles;
using Tiebreak.Data.Layouts.Kaggle;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>The layouts that are recognised by their columns.</summary>
internal static class RecordLayouts
{
    private static readonly string[] Sides = ["response_a", "response_b"];
    private static readonly string[] OfVotes = ["voter", "worker", "timestamp", "turn", "weight"];

    /// <summary>The names of all columns that some layout reads.</summary>
    public static KnownColumns Columns { get; } = new(
        All(sideSeed: 0).SelectMany(layout => layout.Columns).Concat(OfVotes).Concat(BattleMapping.Names));

    /// <summary>The layout of a file with these columns, or null. Whoever has said what the two responses are called means them.</summary>
    public static IRecordLayout? Find(IReadOnlySet<string> names, BattleReadOptions options)
    {
        var areSaid = Sides.All(side => names.Contains(side) && options.Mapping?.Columns.ContainsKey(side) is true);
        return All(options.SideSeed).FirstOrDefault(layout =>
            (!areSaid || layout is KaggleRecordLayout or PlainLayout) && layout.Matches(names));
    }

    /// <summary>All layouts; where two match, the first counts.</summary>
    public static IRecordLayout[] All(ulong sideSeed) =>
        [
            new MtBenchLayout(),
            new CompariaLayout(),
            new ArenaLayout(),
            new ChosenRejectedLayout(sideSeed),
            new OpenAssistantLayout(sideSeed),
            new RatedResponsesLayout(sideSeed),
            new PandaLmLayout(),
            new AutoJLayout(),
            new AlpacaEvalLayout(),
            new PreferenceCollectionLayout(),
            new JudgeLmLayout(),
            new SafeRlhfLayout(),
            new FastChatPairLayout(),
            new ArenaHardLayout(),
            new FastChatLogLayout(),
            new HelpSteerLayout(),
            new MultiPrefLayout(),
            new LabelStudioLayout(),
            new PpeHumanLayout(),
            new PpeCorrectnessLayout(),
            new JudgeBenchLayout(),
            new ShpLayout(),
            new SummaryComparisonsLayout(),
            new WebGptLayout(),
            new ChatLayout(),
            new KaggleRecordLayout(),
            new PlainLayout(),
        ];
}
