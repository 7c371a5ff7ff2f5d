using System.IO.Hashing;
using System.Runtime.InteropServices;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Deduplication;

/// <summary>
/// Exact and normalised duplicates, by 128-bit hashes (XXH3) of their texts: two different texts among a billion collide with probability
/// 1e-21.
/// </summary>
internal sealed class EqualSearch(DeduplicationOptions options) : ILeaderSearch
{
    private readonly Dictionary<(UInt128 Prompt, UInt128 One, UInt128 Other), int> _leaders = [];
    private (UInt128 Prompt, UInt128 A, UInt128 B)[] _keys = [];

    public void Prepare(IReadOnlyList<Battle> battles, CancellationToken cancellation)
    {
        _keys = new (UInt128, UInt128, UInt128)[battles.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation };
        Parallel.For(0, battles.Count, parallel, i =>
        {
            var battle = battles[i];
            var prompt = Hash(battle, turn => turn.Prompt);
            _keys[i] = options.Scope is DuplicateScope.Prompt
                ? (prompt, default, default)
                : (prompt, Hash(battle, turn => turn.ResponseA), Hash(battle, turn => turn.ResponseB));
        });
    }

    public (int Leader, double Similarity, bool Swapped)? Find(int battle) =>
        _leaders.TryGetValue(Unordered(_keys[battle]), out var leader) ? (leader, 1, _keys[leader].A != _keys[battle].A) : null;

    public void Lead(int battle) => _leaders.Add(Unordered(_keys[battle]), battle);

    private static (UInt128 Prompt, UInt128 One, UInt128 Other) Unordered((UInt128 Prompt, UInt128 A, UInt128 B) key) =>
        key.A <= key.B ? key : (key.Prompt, key.B, key.A);

    private UInt128 Hash(Battle battle, Func<Turn, string?> part)
    {
        var hash = new XxHash128();
        foreach (var turn in battle.Turns)
        {
            var text = part(turn);
            if (text is not null)
                hash.Append(MemoryMarshal.AsBytes(options.Match is DuplicateMatch.Normalised ? Normalise(text) : text.AsSpan()));
            // Two first halves of surrogate pairs stand side by side in no good text: turns cannot run into each other, and null is not "".
            hash.Append(text is null && options.Match is DuplicateMatch.Exact ? [0, 0xD8, 0, 0xD8] : [0, 0xD8, 1, 0xD8]);
        }

        return hash.GetCurrentHashAsUInt128();
    }

    private static ReadOnlySpan<char> Normalise(string text)
    {
        var plain = new char[text.Length];
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
                plain[length++] = char.ToLowerInvariant(c);
        }

        return length > 0 ? plain.AsSpan(0, length) : text.AsSpan().Trim();
    }
}
