using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Data.Chats;

/// <summary>
/// Pairs single conversations: two different models that were asked the same first prompt become a battle without verdict, each
/// conversation once, in file order. The first turns that wait for a partner stay in memory. The id names both conversations, and the sides
/// are drawn from it.
/// </summary>
internal sealed class ChatPairing(string path, ulong sideSeed)
{
    private readonly Dictionary<ContentKey, List<BattleRow>> _waiting = [];

    /// <summary>Takes a row; what becomes of it comes now or at the end.</summary>
    public BattleRow? Add(BattleRow row)
    {
        if (row.Problem is not null || row.Battle is not { } battle)
            return row;

        var key = ContentKey.Of(battle.Turns[0].Prompt);
        if (!_waiting.TryGetValue(key, out var others))
            _waiting[key] = others = [];
        var partner = others.FindIndex(other => !string.Equals(other.Battle!.ModelA, battle.ModelA, StringComparison.Ordinal));
        if (partner < 0)
        {
            others.Add(row);
            return null;
        }

        var first = others[partner].Battle!;
        others.RemoveAt(partner);
        if (others.Count == 0)
            _waiting.Remove(key);
        return row with { Battle = Pair(first, battle) };
    }

    /// <summary>The conversations that found no partner, each with a problem, in file order.</summary>
    public IEnumerable<BattleRow> Unpaired() => _waiting.Values.SelectMany(rows => rows).OrderBy(row => row.Line)
        .Select(row => new BattleRow(row.Line, Battle: null, new RowProblem(path, row.Line, row.Battle!.Id, "is a single conversation whose prompt no other model was asked")));

    private Battle Pair(Battle first, Battle second)
    {
        var id = $"{first.Id}+{second.Id}";
        var pair = first with
        {
            Id = id,
            Turns = [first.Turns[0] with { ResponseB = second.Turns[0].ResponseA }],
            ModelB = second.ModelA,
        };
        return (new SeededRandom(sideSeed, ContentKey.Of(id).Value).NextUInt64() & 1) == 0 ? pair : pair.Swapped();
    }
}
