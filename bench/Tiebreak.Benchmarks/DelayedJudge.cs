using System.Diagnostics;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Benchmarks;

/// <summary>
/// Says one third each, and takes its time over it: so long for every battle. It stops between battles when it is told to.
/// </summary>
internal sealed class DelayedJudge(TimeSpan perBattle) : IJudge
{
    /// <summary>Sleeping takes longer than asked; several battles together even that out.</summary>
    private static readonly TimeSpan LeastSleep = TimeSpan.FromMilliseconds(5);

    public JudgeTraits Traits { get; } = new();

    public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default) => request.AnswerAsync(
        (battles, _) =>
        {
            var clock = Stopwatch.StartNew();
            for (var done = 1; done <= battles.Count; done++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var ahead = (perBattle * done) - clock.Elapsed;
                if (ahead > LeastSleep || (done == battles.Count && ahead > TimeSpan.Zero))
                    Thread.Sleep(ahead);
            }

            return Task.FromResult(battles.Select(_ => JudgeOutcome.Of(Preference.Uniform)).ToArray());
        },
        Traits.IsSymmetric);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
