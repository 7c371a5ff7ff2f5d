using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Explorer.Tests.Index;

/// <summary>A judge that prefers the longer side, the surer the longer; it fails where nothing was said.</summary>
internal sealed class LengthJudge : IJudge
{
    public JudgeTraits Traits { get; } = new() { IsSymmetric = true };

    /// <summary>How many battles it was asked about.</summary>
    public int Asked { get; private set; }

    public static Preference? Prefer(Battle battle)
    {
        var (a, b) = (battle.Turns.Sum(turn => turn.ResponseA?.Length ?? 0), battle.Turns.Sum(turn => turn.ResponseB?.Length ?? 0));
        return a + b == 0 ? null : Preference.FromScores(a / 100.0, b / 100.0, 0.1);
    }

    public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
    {
        Asked += request.Battles.Count;
        return Task.FromResult(request.Battles.Select(battle => Prefer(battle) is { } preference
            ? JudgeOutcome.Of(preference)
            : JudgeOutcome.Of(new JudgeFailure(FailureCode.BattleFailed, "Nothing was said."))).ToArray());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
