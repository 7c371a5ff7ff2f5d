using Tiebreak.Core.Battles;

namespace Tiebreak.Hosting.Reading;

/// <summary>Reads battles of one request, and keeps in mind what it did not understand.</summary>
internal sealed class PostedBattles
{
    // What is sent back of a request that is made of nothing else.
    private const int MostUnknownKeys = 100;
    private const int MostCharacters = 100;

    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);
    private readonly List<string> _found = [];
    private int _count;

    /// <summary>Reads the next battle.</summary>
    /// <param name="json">The object.</param>
    /// <returns>The battle as it was read, and keys that no battle has and no battle of this request had before.</returns>
    public PostedBattle Read(ReadOnlyMemory<byte> json)
    {
        var id = Invariant($"{_count++}");
        _found.Clear();
        try
        {
            JsonRequest.RequireUnicode(json.Span);
            var read = BattleJson.Read(json.Span, words: null, defaultId: "", unknown: _found);
            var hasId = read.Battle.Id.Length > 0;
            var battle = hasId ? read.Battle : read.Battle with { Id = id };
            return new PostedBattle(battle.Id, battle, Problem: null, NewKeys()) { UnknownWinner = read.UnknownWinner, HasId = hasId };
        }
        catch (FormatException exception)
        {
            return Refused(id, exception.Message);
        }
    }

    /// <summary>Counts a battle that cannot be read at all.</summary>
    /// <param name="problem">Why, continuing "The battle ...".</param>
    public PostedBattle Refuse(string problem) => Refused(Invariant($"{_count++}"), problem);

    private PostedBattle Refused(string id, string problem) => new(id, Battle: null, problem, NewKeys());

    private List<string>? NewKeys()
    {
        List<string>? keys = null;
        foreach (var name in _found.Select(name => name.Length > MostCharacters ? name[..MostCharacters] : name))
        {
            if (_unknown.Count < MostUnknownKeys && _unknown.Add(name))
                (keys ??= []).Add(name);
        }

        return keys;
    }
}

/// <summary>A battle of a request.</summary>
/// <param name="Id">Its id; without one, its place among the battles of the request, from 0 on.</param>
/// <param name="Battle">The battle; null if it cannot be read.</param>
/// <param name="Problem">Why it cannot be read, continuing "The battle ..."; null if it can.</param>
/// <param name="UnknownKeys">Keys that Tiebreak does not know and that no earlier battle of the request had; null for none.</param>
internal sealed record PostedBattle(string Id, Battle? Battle, string? Problem, IReadOnlyList<string>? UnknownKeys)
{
    /// <summary>Whether the caller gave the id.</summary>
    public bool HasId { get; init; }

    /// <summary>A winner that is no known word; null where there was none.</summary>
    public string? UnknownWinner { get; init; }
}
