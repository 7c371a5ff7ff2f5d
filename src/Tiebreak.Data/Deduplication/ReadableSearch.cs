using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Deduplication;

/// <summary>
/// Compares battles by meaning where the embedder reads their texts, and the others by their words; the two kinds are never alike.
/// </summary>
/// <param name="byMeaning">Compares those that are read.</param>
/// <param name="byWords">Compares the others.</param>
/// <param name="isRead">Whether the embedder reads a battle's texts, by its place.</param>
/// <param name="fixedParts">What must be equal, by the battle's place.</param>
internal sealed class ReadableSearch(ILeaderSearch byMeaning, ILeaderSearch byWords, bool[] isRead, ulong[] fixedParts) : ILeaderSearch
{
    public void Prepare(IReadOnlyList<Battle> battles, CancellationToken cancellation)
    {
        byMeaning.Prepare(battles, cancellation);
        byWords.Prepare(battles, cancellation);
    }

    public (int Leader, double Similarity, bool Swapped)? Find(int battle) =>
        Of(battle).Find(battle) is { } found && fixedParts[found.Leader] == fixedParts[battle] ? found : null;

    public void Lead(int battle) => Of(battle).Lead(battle);

    private ILeaderSearch Of(int battle) => isRead[battle] ? byMeaning : byWords;
}
