using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// compar:IA, the French arena: ministere-culture/comparia-votes, and comparia-conversations, where nobody voted. The vote is the name of
/// the model, or that both are equal.
/// </summary>
internal sealed class CompariaLayout : IBattleLayout
{
    public IReadOnlyList<string> Columns { get; } =
        [
            "id", "conversation_pair_id", "model_a_name", "model_b_name", "chosen_model_name", "both_equal", "conversation_a",
            "conversation_b", "timestamp", "languages", "categories", "selected_category",
        ];

    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("model_a_name") && names.Contains("model_b_name") && names.Contains("conversation_a");

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public Battle Read(Record record, RowBuilder builder)
    {
        Conversation.Pair(Side(record, "conversation_a", builder), Side(record, "conversation_b", builder), builder);
        var (modelA, modelB) = (record.NeededText("model_a_name"), record.NeededText("model_b_name"));
        return new Battle
        {
            Id = record.Text(record.FirstOf("id", "conversation_pair_id")) ?? "",
            Turns = builder.Zip(),
            ModelA = modelA,
            ModelB = modelB,
            Verdict = VerdictOf(record, modelA, modelB, builder),
            Language = record["languages"] is List<object?> and [string language, ..] ? language : null,
            Timestamp = record.Time("timestamp"),
            Tags = RecordTags.Of(record, "categories", "selected_category"),
            Source = $"ministere-culture/comparia-{(record.Has("chosen_model_name") ? "votes" : "conversations")}",
        };
    }

    private static List<Exchange> Side(Record record, string name, RowBuilder builder) =>
        Conversation.Exchanges(Conversation.Messages(record, name, builder));

    private static Verdict? VerdictOf(Record record, string? modelA, string? modelB, RowBuilder builder)
    {
        if (record["both_equal"] is true or "True" or "true")
            return Verdict.Tie;
        var chosen = record.Text("chosen_model_name");
        if (string.IsNullOrEmpty(chosen))
            return null;
        var (isA, isB) = (string.Equals(chosen, modelA, StringComparison.Ordinal), string.Equals(chosen, modelB, StringComparison.Ordinal));
        if (isA != isB)
            return isA ? Verdict.A : Verdict.B;

        var where = isA ? "the model of both sides" : "neither side's model";
        builder.Report($"has the \"chosen_model_name\" \"{chosen}\", which is {where}");
        return null;
    }
}
