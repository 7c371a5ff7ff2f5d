using System.Numerics.Tensors;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Deduplication;

/// <summary>
/// Duplicates by the cosine of their texts' vectors. A battle is compared with every leader, so that the time grows with the square of the
/// number of battles that stay.
/// </summary>
/// <param name="vectors">The vectors of the compared texts of each battle, of length 1; null for a text that says nothing.</param>
/// <param name="fixedParts">What must be equal, whatever the vectors are.</param>
/// <param name="leastCosine">The cosine that every text must reach.</param>
/// <param name="threads">Threads to use; the result does not depend on it.</param>
internal sealed class EmbeddingSearch(BattleVectors[] vectors, ulong[] fixedParts, double leastCosine, int threads) : ILeaderSearch
{
    private readonly List<int> _leaders = [];
    private readonly ParallelOptions _parallel = new() { MaxDegreeOfParallelism = threads };

    public void Prepare(IReadOnlyList<Battle> battles, CancellationToken cancellation) => _parallel.CancellationToken = cancellation;

    public (int Leader, double Similarity, bool Swapped)? Find(int battle)
    {
        if (vectors[battle].IsEmpty)
            return null; // nothing was said, and nothing is like nothing

        var found = new (double Similarity, bool Swapped)[_leaders.Count];
        Parallel.For(0, found.Length, _parallel, i => found[i] = Compare(vectors[battle], vectors[_leaders[i]]));
        var best = -1;
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i].Similarity >= leastCosine && fixedParts[battle] == fixedParts[_leaders[i]]
                && (best < 0 || found[i].Similarity > found[best].Similarity))
            {
                best = i;
            }
        }

        return best < 0 ? null : (_leaders[best], found[best].Similarity, found[best].Swapped);
    }

    public void Lead(int battle)
    {
        if (!vectors[battle].IsEmpty)
            _leaders.Add(battle);
    }

    // Battles are as similar as the least similar of their texts, in the order of A and B in which they are more similar.
    private static (double Similarity, bool Swapped) Compare(BattleVectors one, BattleVectors other)
    {
        var straight = Math.Min(Cosine(one.A, other.A), Cosine(one.B, other.B));
        var swapped = Math.Min(Cosine(one.A, other.B), Cosine(one.B, other.A));
        return (Math.Min(Cosine(one.Prompt, other.Prompt), Math.Max(straight, swapped)), swapped > straight);
    }

    // Two texts that say nothing are alike, and nothing else is like them.
    private static double Cosine(float[]? one, float[]? other) =>
        one is null || other is null ? (one == other ? 1 : -1) : TensorPrimitives.Dot(one, other);
}
