using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Judging;

/// <summary>The plain question to a judge: preferences of battles, all or none.</summary>
public static class JudgeExtensions
{
    /// <summary>Judges battles as they stand.</summary>
    /// <param name="judge">The judge.</param>
    /// <param name="battles">The battles.</param>
    /// <param name="progress">Receives the number of battles done so far, counted from the start of this call.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>One valid preference per battle, in the order of <paramref name="battles"/>.</returns>
    /// <exception cref="TiebreakException">A battle failed; the first one says why.</exception>
    public static async Task<Preference[]> JudgeAsync(
        this IJudge judge, IReadOnlyList<Battle> battles, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var outcomes = await judge.JudgeAsync(new JudgeRequest { Battles = battles, Progress = progress }, cancellationToken)
            .ConfigureAwait(false);
        return Array.ConvertAll(outcomes, outcome =>
        {
            outcome.Failure?.Throw();
            return outcome.Preference;
        });
    }
}
