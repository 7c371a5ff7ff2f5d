using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// The log of a FastChat server, one event a line. Votes become battles; other events (chats, votes on a single chat) are none and are
/// passed over. Where the names of the models were hidden, <c>models</c> holds blanks and the battle is tagged "anonymous".
/// </summary>
internal sealed class FastChatLogLayout : IRecordLayout
{
    public IReadOnlyList<string> Columns { get; } = ["type", "models", "states", "tstamp", "language"];

    // Events about a single chat have a "state" instead.
    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("type") && names.Contains("tstamp") && (names.Contains("states") || names.Contains("state"));

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public IReadOnlyList<Battle> ReadAll(Record record, RowBuilder builder)
    {
        Verdict? verdict = record["type"] switch
        {
            "leftvote" => Verdict.A,
            "rightvote" => Verdict.B,
            "tievote" => Verdict.Tie,
            "bothbad_vote" => Verdict.BothBad,
            _ => null,
        };
        if (verdict is null)
            return [];
        if (record["states"] is not (List<object?> and [Dictionary<string, object?> stateA, Dictionary<string, object?> stateB]))
        {
            builder.Report("is a vote without the two \"states\" of its chats");
            return [];
        }

        var (a, b) = (new Record(stateA, builder), new Record(stateB, builder));
        Conversation.Pair(Exchanges(a, builder), Exchanges(b, builder), builder);
        return
        [
            new Battle
            {
                Id = $"{a.Text("conv_id")}-{b.Text("conv_id")}",
                Turns = builder.Zip(),
                ModelA = a.Text("model_name"),
                ModelB = b.Text("model_name"),
                Verdict = verdict,
                Language = record.Text("language"),
                Timestamp = record.Time("tstamp"),
                Tags = [record["models"] is List<object?> and ["", ""] ? "anonymous" : "named"],
            },
        ];
    }

    /// <summary>Messages are lists of a speaker and a text; those before <c>offset</c> are examples that opened the chat.</summary>
    private static List<Exchange> Exchanges(Record state, RowBuilder builder)
    {
        var messages = new List<Message>();
        foreach (var item in (state["messages"] as List<object?> ?? []).Skip((int)(state.Integer("offset") ?? 0)))
        {
            if (item is not (List<object?> and [string, var text, ..]))
            {
                builder.Report("has a message in \"states\" that is no list of a speaker and a text");
                return [];
            }

            messages.Add(new Message(IsAnswer: messages.Count % 2 == 1, Conversation.Content(text)));
        }

        return Conversation.Exchanges(messages);
    }
}
