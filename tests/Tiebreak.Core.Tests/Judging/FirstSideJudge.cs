using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Tests.Judging;

/// <summary>Prefers the longer response, and the first side on top of that: asymmetric on purpose.</summary>
internal sealed class FirstSideJudge : IJudge
{
    public JudgeTraits Traits { get; init; } = new();

    public bool IsDisposed { get; private set; }

    public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default) => request.AnswerAsync(
        (battles, progress) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(battles.Count);
            return Task.FromResult(battles.Select(battle => JudgeOutcome.Of(Judge(battle))).ToArray());
        },
        Traits.IsSymmetric);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    private static Preference Judge(Battle battle) => Preference.FromScores(
        0.3 + (0.01 * (battle.Turns[0].ResponseA?.Length ?? 0)), 0.01 * (battle.Turns[0].ResponseB?.Length ?? 0), 0);
}
