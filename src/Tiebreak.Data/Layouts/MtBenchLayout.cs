using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// lmsys/mt_bench_human_judgments: one row per judge and turn. The conversations always hold both turns; <c>turn</c> says up to which one
/// was judged, and only so many become turns of the battle. "tie (inconsistent)" of the GPT-4 judge, which changed its mind when the sides
/// were swapped, is a tie, as in MT-bench itself (arXiv 2306.05685).
/// </summary>
internal sealed class MtBenchLayout : IBattleLayout
{
    public IReadOnlyList<string> Columns { get; } =
        ["question_id", "model_a", "model_b", "winner", "judge", "conversation_a", "conversation_b", "turn", "language", "source"];

    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("judge") && names.Contains("turn") && names.Contains("conversation_a") && !names.Contains("anony")
        && !names.Contains("tstamp");

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public Battle Read(Record record, RowBuilder builder)
    {
        var turn = record.Integer("turn");
        if (turn is null or < 1)
            builder.Report("has no \"turn\" from 1 on");
        Conversation.Pair(Side(record, "conversation_a", turn, builder), Side(record, "conversation_b", turn, builder), builder);

        var (modelA, modelB) = (record.NeededText("model_a"), record.NeededText("model_b"));
        return new Battle
        {
            Id = record.NeededText("question_id") is { } id ? $"{id}-{modelA}-{modelB}-{Judge(record)}-{turn}" : "",
            Turns = builder.Zip(),
            ModelA = modelA,
            ModelB = modelB,
            Verdict = record["winner"] is "tie (inconsistent)" ? Verdict.Tie : record.Winner(),
            AnnotatorIds = Judge(record) is { } judge ? [judge] : null,
            Language = record.Text("language"),
            Source = record.Text("source") ?? "lmsys/mt_bench_human_judgments",
        };
    }

    private static List<Exchange> Side(Record record, string name, long? turn, RowBuilder builder)
    {
        var exchanges = Conversation.Exchanges(Conversation.Messages(record, name, builder));
        if (turn > exchanges.Count)
            builder.Report($"was judged on turn {turn}, but \"{name}\" has {exchanges.Count}");
        return turn is > 0 && turn < exchanges.Count ? exchanges[..(int)turn] : exchanges;
    }

    /// <summary>The name of the judge, which FastChat writes as a text or as a list with the kind of its prompt.</summary>
    public static string? Judge(Record record) =>
        record["judge"] is List<object?> parts ? string.Join('_', parts) : record.Text("judge");
}
