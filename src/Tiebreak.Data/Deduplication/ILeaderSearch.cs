using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Deduplication;

/// <summary>A search among the battles that have been made leaders, by their places in the prepared list.</summary>
internal interface ILeaderSearch
{
    /// <summary>Computes, in parallel, what is compared.</summary>
    void Prepare(IReadOnlyList<Battle> battles, CancellationToken cancellation);

    /// <summary>The leader that a battle is most like, the first among equals, or null.</summary>
    (int Leader, double Similarity, bool Swapped)? Find(int battle);

    /// <summary>Makes a battle a leader.</summary>
    void Lead(int battle);
}
