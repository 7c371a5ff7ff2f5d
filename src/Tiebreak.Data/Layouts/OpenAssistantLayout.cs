using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Conversation trees of OpenAssistant (arXiv 2304.07327): people wrote several replies to one message and ranked them, 0 for the best.
/// Every pair of ranked replies is a battle about the conversation up to there; trees without any are passed over. The sides are drawn
/// (<see cref="SideDraw"/>).
/// </summary>
internal sealed class OpenAssistantLayout(ulong sideSeed) : IRecordLayout
{
    // n replies to one message make n (n - 1) / 2 battles.
    private const int MostBattlesOfTree = 5000;

    private readonly SideDraw _sides = new(sideSeed);

    public IReadOnlyList<string> Columns { get; } = ["message_tree_id", "prompt"];

    // Every message has the id of its tree too; only a tree has a prompt.
    public bool Matches(IReadOnlySet<string> names) => Columns.All(names.Contains);

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public IReadOnlyList<Battle> ReadAll(Record record, RowBuilder builder)
    {
        var battles = new List<Battle>();
        if (record["prompt"] is Dictionary<string, object?> prompt)
            AddPairs(prompt, [], battles);
        else
            builder.Report("has no \"prompt\" that is a message");
        if (battles.Count <= MostBattlesOfTree)
            return battles;

        builder.Report($"has {battles.Count} pairs of ranked replies; at most {MostBattlesOfTree} are read");
        return [];
    }

    /// <summary>Adds the pairs of replies to a message, and to all messages behind it.</summary>
    /// <param name="node">The message.</param>
    /// <param name="before">The messages before it.</param>
    /// <param name="battles">Takes the battles, one more than are read at most.</param>
    private void AddPairs(Dictionary<string, object?> node, List<Message> before, List<Battle> battles)
    {
        List<Message> asked = [.. before, new Message(node.GetValueOrDefault("role") is "assistant", TextOf(node, "text"))];
        var replies = (node.GetValueOrDefault("replies") as List<object?> ?? []).OfType<Dictionary<string, object?>>().ToList();
        var ranked = replies.FindAll(reply => reply.GetValueOrDefault("role") is "assistant"
            && reply.GetValueOrDefault("rank") is long && reply.GetValueOrDefault("deleted") is not true);
        for (var i = 0; i < ranked.Count && battles.Count <= MostBattlesOfTree; i++)
        {
            for (var j = i + 1; j < ranked.Count && battles.Count <= MostBattlesOfTree; j++)
                battles.Add(Pair(asked, ranked[i], ranked[j]));
        }

        foreach (var reply in replies)
            AddPairs(reply, asked, battles);
    }

    private Battle Pair(List<Message> asked, Dictionary<string, object?> one, Dictionary<string, object?> other)
    {
        var key = ContentKey.Of([.. asked.Select(message => message.Text), null, TextOf(one, "text"), TextOf(other, "text")]);
        var (a, b) = _sides.IsFirstA(key) ? (one, other) : (other, one);
        var (rankA, rankB) = ((long)a["rank"]!, (long)b["rank"]!);
        return new Battle
        {
            Id = $"{TextOf(one, "message_id")}-{TextOf(other, "message_id")}",
            Turns = Conversation.Turns(asked, TextOf(a, "text"), TextOf(b, "text")),
            Verdict = rankA < rankB ? Verdict.A : rankA > rankB ? Verdict.B : Verdict.Tie,
            Language = TextOf(one, "lang"),
            Source = "OpenAssistant",
        };
    }

    private static string? TextOf(Dictionary<string, object?> message, string name) => message.GetValueOrDefault(name) as string;
}
