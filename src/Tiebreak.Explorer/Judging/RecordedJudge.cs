using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Explorer.Judging;

/// <summary>A judge that says what a file says, by the ids of battles: of a run, or of somebody else's model.</summary>
/// <param name="said">Preferences by id.</param>
internal sealed class RecordedJudge(IReadOnlyDictionary<string, Preference> said) : IJudge
{
    private static readonly JudgeOutcome Nothing =
        JudgeOutcome.Of(new JudgeFailure(FailureCode.BattleFailed, "The file has no preference for this battle."));

    /// <inheritdoc/>
    public JudgeTraits Traits { get; } = new() { IsSymmetric = true };

    /// <summary>Battles until now that the file does not have.</summary>
    public int Missing { get; private set; }

    /// <inheritdoc/>
    public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
    {
        JudgeOutcome[] outcomes =
        [
            .. request.Battles.Select(battle => said.TryGetValue(battle.Id, out var preference) ? JudgeOutcome.Of(preference) : Nothing),
        ];
        Missing += outcomes.Count(outcome => outcome.Failure is not null);
        return Task.FromResult(outcomes);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
