using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// lmsys/lmsys-chat-1m: single conversations without votes. Of each the first turn is read, with the answer on side A;
/// <see cref="ChatPairing"/> makes battles of them.
/// </summary>
internal sealed class ChatLayout : IBattleLayout
{
    public IReadOnlyList<string> Columns { get; } = ["conversation_id", "model", "conversation", "language", "source"];

    public bool Matches(IReadOnlySet<string> names) =>
        names.Contains("conversation_id") && names.Contains("conversation") && names.Contains("model");

    public bool MakesIds(IReadOnlySet<string> names) => false;

    public Battle Read(Record record, RowBuilder builder)
    {
        var exchanges = Conversation.Exchanges(Conversation.Messages(record, "conversation", builder));
        return new Battle
        {
            Id = record.Text("conversation_id") ?? "",
            Turns = [.. exchanges.Take(1).Select(exchange => new Turn(exchange.Prompt, exchange.Response, ResponseB: null))],
            ModelA = record.NeededText("model"),
            Language = record.Text("language"),
            Source = record.Text("source") ?? "lmsys/lmsys-chat-1m",
        };
    }
}
