using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Runs.Tests;

/// <summary>
/// A judge whose preferences follow from the texts and from which side comes first. It counts what it is asked, and can be told to do
/// something else before it answers.
/// </summary>
internal sealed class TestJudge : IJudge
{
    private int _judged;

    public JudgeTraits Traits { get; init; } = new();

    /// <summary>Called with every batch, in place of a mishap.</summary>
    public Action<IReadOnlyList<Battle>> Before { get; init; } = _ => { };

    /// <summary>Called with the orders of every request.</summary>
    public Action<Orders> Asked { get; init; } = _ => { };

    /// <summary>Battles judged in all calls that ended well.</summary>
    public int Judged => _judged;

    public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
    {
        Asked(request.Orders);
        return request.AnswerAsync(
            (battles, _) =>
            {
                Before(battles);
                cancellationToken.ThrowIfCancellationRequested();
                Interlocked.Add(ref _judged, battles.Count);
                return Task.FromResult(battles.Select(battle => JudgeOutcome.Of(Judge(battle))).ToArray());
            },
            Traits.IsSymmetric);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static Preference Judge(Battle battle) => Preference.FromScores(
        0.3 + (0.013 * Length(battle.Turns[0].ResponseA)), 0.011 * Length(battle.Turns[0].ResponseB),
        0.007 * Length(battle.Turns[0].Prompt));

    public RunJudge ForRun(IJudge? fallback = null) => new()
    {
        OneOrder = this,
        Calibration = [new Temperature(1.2)],
        Prior = new Preference(0.35, 0.33, 0.32),
        Path = "/judge",
        Sha256 = "judge",
        Fallback = fallback,
        FallbackPath = fallback is null ? null : "/fallback",
        FallbackSha256 = fallback is null ? null : "fallback",
    };

    private static int Length(string? text) => text?.Length ?? 0;
}
