using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// The Arena's conversation sets: lmsys/chatbot_arena_conversations (33k), lmarena-ai/arena-human-preference-55k to -140k,
/// arena-expert-5k, search-arena-24k (<c>messages_a</c>). Two conversations as message lists, or one <c>full_conversation</c> of
/// <c>{user, model_side_a, model_side_b}</c>. What the Arena's classifiers say of the prompt are tags.
/// </summary>
internal sealed class ArenaLayout : IBattleLayout
{
    private static readonly string[] SideA = ["conversation_a", "messages_a"];
    private static readonly string[] SideB = ["conversation_b", "messages_b"];
    private static readonly string[] Tags = ["category_tag", "occupational_tags", "primary_intent", "is_code"];

    public IReadOnlyList<string> Columns { get; } =
    [
        "id", "question_id", "model_a", "model_b", "winner", .. SideA, .. SideB, "full_conversation",
        "judge", "language", "tstamp", "timestamp", "source", "toxic_chat_tag", "evaluation_session_id", .. Tags,
    ];

    public bool Matches(IReadOnlySet<string> names) =>
        (SideA.Any(names.Contains) && SideB.Any(names.Contains))
        || (names.Contains("full_conversation") && names.Contains("model_a"));

    public bool MakesIds(IReadOnlySet<string> names) => !names.Contains("id") && !names.Contains("question_id");

    public Battle Read(Record record, RowBuilder builder)
    {
        if (record.FirstOf([.. SideA, .. SideB]) is null && record.List("full_conversation") is { } full)
            ReadSideBySide(full, builder);
        else
            Conversation.Pair(Side(record, SideA, builder), Side(record, SideB, builder), builder);

        var (modelA, modelB) = (record.Text("model_a"), record.Text("model_b"));
        return new Battle
        {
            Id = record.FirstOf("id", "question_id") is { } id
                ? record.Text(id) ?? ""
                : ContentKey.Of([modelA, modelB, .. builder.Prompts, .. builder.ResponsesA, .. builder.ResponsesB]).ToString(),
            Turns = builder.Zip(),
            ModelA = modelA,
            ModelB = modelB,
            Verdict = record.Winner(),
            AnnotatorIds = record.Text("judge") is { } judge ? [judge] : null,
            Language = record.Text("language"),
            Timestamp = record.Time(record.FirstOf("tstamp", "timestamp")),
            Tags = RecordTags.Of(record, Tags),
            Source = record.Text("source") ?? SourceOf(record),
        };
    }

    private static List<Exchange> Side(Record record, string[] names, RowBuilder builder) =>
        Conversation.Exchanges(Conversation.Messages(record, record.FirstOf(names) ?? names[0], builder));

    private static void ReadSideBySide(List<object?> full, RowBuilder builder)
    {
        foreach (var item in full)
        {
            if (item is not Dictionary<string, object?> turn || !turn.ContainsKey("user"))
            {
                builder.Report("has a turn in \"full_conversation\" that is no object with user, model_side_a and model_side_b");
                return;
            }

            builder.Prompts.Add(Said(turn, "user"));
            builder.ResponsesA.Add(Said(turn, "model_side_a"));
            builder.ResponsesB.Add(Said(turn, "model_side_b"));
        }
    }

    private static string? Said(Dictionary<string, object?> turn, string side) =>
        Conversation.Content(turn.GetValueOrDefault(side) is Dictionary<string, object?> message
            ? message.GetValueOrDefault("content")
            : turn.GetValueOrDefault(side));

    private static string? SourceOf(Record record) => record.FirstOf("toxic_chat_tag", "evaluation_session_id", "category_tag") switch
    {
        "toxic_chat_tag" => "lmsys/chatbot_arena_conversations",
        "evaluation_session_id" => "lmarena-ai/arena-human-preference-140k",
        "category_tag" => "lmarena-ai/arena-human-preference-100k",
        _ => null,
    };
}
