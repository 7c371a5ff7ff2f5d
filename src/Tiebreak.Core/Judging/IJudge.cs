using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Judging;

/// <summary>
/// Anything that turns battles into preferences. A judge may be called from many threads at once, and never opens battle files.
/// </summary>
public interface IJudge : IAsyncDisposable
{
    /// <summary>What the judge promises and what else it can do.</summary>
    JudgeTraits Traits { get; }

    /// <summary>Judges a batch.</summary>
    /// <param name="battles">
    /// Any number of battles; a judge cuts them into batches that suit it. The result does not depend on their order.
    /// </param>
    /// <param name="progress">Receives the number of battles done so far, counted from the start of this call.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>One valid preference per battle, in the order of <paramref name="battles"/>.</returns>
    /// <exception cref="TiebreakException">The judge cannot score these battles; the message names the battle where there is one.</exception>
    Task<Preference[]> JudgeAsync(
        IReadOnlyList<Battle> battles, IProgress<int>? progress = null, CancellationToken cancellationToken = default);
}
