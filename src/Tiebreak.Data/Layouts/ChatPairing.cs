using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Pairs single conversations: two different models that were asked the same first prompt become a battle without verdict, each
/// conversation once. Who meets whom depends on the ids and the seed, not on the order of the file. All first turns stay in memory until
/// the file is read. The id names both conversations, and the sides are drawn from it.
/// </summary>
internal sealed class ChatPairing(string path, ulong seed)
{
    private readonly Dictionary<ContentKey, List<BattleRow>> _byPrompt = [];

    /// <summary>Takes a row; a conversation waits until <see cref="Finish"/>, any other row comes back.</summary>
    public BattleRow? Add(BattleRow row)
    {
        if (row.Problem is not null || row.Battle is not { } battle)
            return row;

        var key = ContentKey.Of(battle.Turns[0].Prompt);
        if (!_byPrompt.TryGetValue(key, out var chats))
            _byPrompt[key] = chats = [];
        chats.Add(row);
        return null;
    }

    /// <summary>
    /// The battles, and each conversation that found no partner with a problem, in the order of the file (a battle where its first
    /// conversation stands).
    /// </summary>
    public IEnumerable<BattleRow> Finish() => _byPrompt.Values.SelectMany(Pairs).OrderBy(row => row.Line);

    private List<BattleRow> Pairs(List<BattleRow> chats)
    {
        var waiting = chats.OrderBy(chat => Draw(chat.Battle!.Id)).ThenBy(chat => chat.Battle!.Id, StringComparer.Ordinal).ToList();
        var rows = new List<BattleRow>();
        while (waiting.Count > 0)
        {
            var first = waiting[0];
            waiting.RemoveAt(0);
            var partner = waiting.FindIndex(other => !string.Equals(other.Battle!.ModelA, first.Battle!.ModelA, StringComparison.Ordinal));
            if (partner < 0)
            {
                rows.Add(first with
                {
                    Battle = null,
                    Problem = new RowProblem(
                        path, first.Line, first.Battle!.Id, "is a single conversation whose prompt no other model was asked")
                    {
                        HasLines = first.HasLines,
                        LosesRow = false,
                    },
                });
                continue;
            }

            rows.Add(
                first with { Line = Math.Min(first.Line, waiting[partner].Line), Battle = Pair(first.Battle!, waiting[partner].Battle!) });
            waiting.RemoveAt(partner);
        }

        return rows;
    }

    private Battle Pair(Battle first, Battle second)
    {
        var id = $"{first.Id}+{second.Id}";
        var pair = first with
        {
            Id = id,
            Turns = [first.Turns[0] with { ResponseB = second.Turns[0].ResponseA }],
            ModelB = second.ModelA,
        };
        return (Draw(id) & 1) == 0 ? pair : pair.Swapped();
    }

    private ulong Draw(string id) => new SeededRandom(seed, ContentKey.Of(id).Value).NextUInt64();
}
