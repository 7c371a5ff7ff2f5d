using System.Runtime.InteropServices;
using Tiebreak.Core.Battles;
using Tiebreak.Text.Similarity;

namespace Tiebreak.Data.Deduplication;

/// <summary>
/// Near-duplicates by MinHash and banding, verified by the exact Jaccard similarity. Holds 512 bytes a battle and 0.7 KB a leader; the runs
/// of words are computed anew for each verification, because to keep them would take many times the texts.
/// </summary>
internal sealed class NearSearch(DeduplicationOptions options) : ILeaderSearch
{
    private const int WordsInRun = 3;
    private const int CharactersInRun = 5;

    private readonly MinHashIndex _index = new(options.Threshold);
    private readonly List<int> _leaders = [];
    private readonly SortedSet<int> _candidates = [];
    private IReadOnlyList<Battle> _battles = [];
    private uint[][] _signatures = [];

    public void Prepare(IReadOnlyList<Battle> battles, CancellationToken cancellation)
    {
        _battles = battles;
        _signatures = new uint[battles.Count][];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation };
        Parallel.For(0, battles.Count, parallel, () => new List<ulong>(), (i, _, runs) =>
        {
            Collect(battles[i], runs);
            _signatures[i] = [];
            if (runs.Count > 0)
                MinHash.Sign(CollectionsMarshal.AsSpan(runs), _signatures[i] = new uint[MinHash.Length]);
            return runs;
        }, _ => { });
    }

    public (int Leader, double Similarity, bool Swapped)? Find(int battle)
    {
        if (_signatures[battle].Length == 0)
            return null; // nothing was said, and nothing is like nothing

        _index.Find(_signatures[battle], _candidates);
        if (_candidates.Count == 0)
            return null;

        var (best, similarity) = (-1, 0.0);
        var runs = Runs(_battles[battle]);
        foreach (var candidate in _candidates)
        {
            var jaccard = NGrams.Jaccard(runs, Runs(_battles[_leaders[candidate]]));
            if (jaccard >= options.Threshold && jaccard > similarity)
                (best, similarity) = (_leaders[candidate], jaccard);
        }

        return best < 0 ? null : (best, similarity, options.Scope is DuplicateScope.Battle && IsSwapped(_battles[battle], _battles[best]));
    }

    public void Lead(int battle)
    {
        if (_signatures[battle].Length == 0)
            return;
        _index.Add(_signatures[battle]);
        _leaders.Add(battle);
    }

    private static bool IsSwapped(Battle battle, Battle leader)
    {
        var (a, b) = (Side(battle, turn => turn.ResponseA), Side(battle, turn => turn.ResponseB));
        var (leaderA, leaderB) = (Side(leader, turn => turn.ResponseA), Side(leader, turn => turn.ResponseB));
        return NGrams.Jaccard(a, leaderB) + NGrams.Jaccard(b, leaderA) > NGrams.Jaccard(a, leaderA) + NGrams.Jaccard(b, leaderB);
    }

    private static List<ulong> Side(Battle battle, Func<Turn, string?> part)
    {
        var runs = new List<ulong>();
        foreach (var turn in battle.Turns)
            NGrams.AddWords(part(turn), WordsInRun, runs);
        return runs;
    }

    private List<ulong> Runs(Battle battle)
    {
        var runs = new List<ulong>();
        Collect(battle, runs);
        return runs;
    }

    private void Collect(Battle battle, List<ulong> runs)
    {
        runs.Clear();
        foreach (var turn in battle.Turns)
        {
            if (options.Scope is DuplicateScope.Prompt)
            {
                NGrams.AddCharacters(turn.Prompt, CharactersInRun, runs);
                continue;
            }

            NGrams.AddWords(turn.Prompt, WordsInRun, runs);
            NGrams.AddWords(turn.ResponseA, WordsInRun, runs);
            NGrams.AddWords(turn.ResponseB, WordsInRun, runs);
        }
    }
}
