using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Judging;

/// <summary>
/// Anything that turns battles into preferences. A judge may be called from many threads at once, and never opens battle files.
/// </summary>
public interface IJudge : IAsyncDisposable
{
    /// <summary>What the judge promises and what else it can do.</summary>
    JudgeTraits Traits { get; }

    /// <summary>
    /// Judges battles. What goes wrong with one battle is its outcome; an exception says that nothing of the request could be judged. See
    /// <see cref="JudgeExtensions"/> for the plain question, and <see cref="IsolatingJudge"/>, with which exceptions become outcomes too.
    /// </summary>
    /// <param name="request">The battles, and the orders to judge them in.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>One outcome per battle, in the order of <see cref="JudgeRequest.Battles"/>.</returns>
    Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default);
}
