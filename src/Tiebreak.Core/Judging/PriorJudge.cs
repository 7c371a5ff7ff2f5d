using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Judging;

/// <summary>
/// Gives every battle the same preference, usually the class shares of the training data: the least that a judge must beat.
/// </summary>
/// <param name="prior">The preference to give.</param>
public sealed class PriorJudge(Preference prior) : IJudge
{
    /// <summary>The preference that every battle gets.</summary>
    public Preference Prior { get; } = prior.IsValid
        ? prior
        : throw new ArgumentException($"{prior} is not a valid preference.", nameof(prior));

    /// <inheritdoc/>
    public JudgeTraits Traits { get; } = new() { IsSymmetric = prior.A == prior.B };

    /// <summary>The class shares of labelled battles, smoothed by one battle of each class so that no outcome is impossible.</summary>
    /// <param name="targets">The labels; soft ones count by their probabilities.</param>
    public static Preference SharesOf(IEnumerable<Preference> targets) => SharesOf(targets.Select(target => (target, 1.0)));

    /// <summary>The same of battles that count differently.</summary>
    internal static Preference SharesOf(IEnumerable<(Preference Target, double Weight)> labelled)
    {
        double a = 1, b = 1, tie = 1;
        foreach (var (target, weight) in labelled)
        {
            a += weight * target.A;
            b += weight * target.B;
            tie += weight * target.Tie;
        }

        return Preference.Normalised(a, b, tie);
    }

    /// <inheritdoc/>
    public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default) => request.AnswerAsync(
        (battles, progress) =>
        {
            var outcomes = new JudgeOutcome[battles.Count];
            Array.Fill(outcomes, JudgeOutcome.Of(Prior));
            progress?.Report(battles.Count);
            return Task.FromResult(outcomes);
        },
        Traits.IsSymmetric);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
