using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Abstention;

/// <summary>A judge that says of battles about which it is too uncertain that it would rather leave them to a person.</summary>
/// <param name="inner">The judge, calibrated and averaged over orders as when the rule was fitted; disposed with this one.</param>
/// <param name="rule">The rule.</param>
internal sealed class AbstainingJudge(IJudge inner, AbstentionRule rule) : IJudge
{
    /// <inheritdoc/>
    public JudgeTraits Traits { get; } = inner.Traits with { Abstains = true };

    /// <inheritdoc/>
    public async Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
    {
        var outcomes = await inner.JudgeAsync(request, cancellationToken).ConfigureAwait(false);
        return Array.ConvertAll(outcomes, outcome => outcome.Failure is not null
            ? outcome
            : outcome with { AbstainedBy = rule.Answers(outcome.Preference) ? null : rule.Name });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
