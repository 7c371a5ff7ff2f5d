using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Draws on which side a response comes where a set says which is better, but not where it stood. It depends on the texts and the seed,
/// so that neither the order of the rows nor their ids matter.
/// </summary>
/// <param name="seed"><see cref="BattleReadOptions.SideSeed"/>.</param>
internal sealed class SideDraw(ulong seed)
{
    /// <summary>True if the first of two responses comes on side A.</summary>
    /// <param name="key">The key of the two responses, and of what they answer.</param>
    public bool IsFirstA(ContentKey key) => (new SeededRandom(seed, key.Value).NextUInt64() & 1) == 0;
}
