using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Runs.Tests;

/// <summary>Takes its time by the clock, one battle after the other; stops when it is told to, within a battle too.</summary>
internal sealed class TimedJudge(SimulatedClock clock, Func<Battle, double> seconds, double step = 10) : IJudge
{
    public JudgeTraits Traits { get; } = new();

    /// <summary>Battles judged, also in calls that were stopped.</summary>
    public int Judged { get; private set; }

    public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default) => request.AnswerAsync(
        (battles, _) =>
        {
            foreach (var battle in battles)
            {
                for (var left = TimeSpan.FromSeconds(seconds(battle)); left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(step))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    clock.Advance(TimeSpan.FromSeconds(Math.Min(step, left.TotalSeconds)));
                }

                Judged++;
            }

            return Task.FromResult(battles.Select(battle => JudgeOutcome.Of(TestJudge.Judge(battle))).ToArray());
        },
        isSymmetric: false);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
