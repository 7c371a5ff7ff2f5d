using Microsoft.Extensions.Logging;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Judging;

/// <summary>What a judge answers is counted, timed and logged, and comes back unchanged.</summary>
public sealed class MeasuredJudgeTests
{
    private static readonly Battle[] Battles = [.. SyntheticBattles.Create(5)];

    [Fact]
    public async Task Answers_and_failures_are_counted_by_kind_orders_and_code()
    {
        using var observer = new Observer();
        await using var judge = new MeasuredJudge(
            new FailingJudge(JudgeOutcome.Of(new JudgeFailure(FailureCode.InvalidAnswer, "no number"))), "of-this-test",
            observer.CreateLogger("judge"));

        var outcomes = await judge.JudgeAsync(
            new JudgeRequest { Battles = Battles, Orders = Orders.Both }, TestContext.Current.CancellationToken);

        Assert.Equal("no number", outcomes[0].Failure!.Message);
        Assert.Equal([5], observer.Values("tiebreak.judge.battles", "kind=of-this-test;tiebreak.judge.orders=Both"));
        Assert.Single(observer.Values("tiebreak.judge.request.duration", "kind=of-this-test"), seconds => seconds >= 0);
        Assert.NotEmpty(observer.Values("tiebreak.judge.failures", "InvalidAnswer"));
        Assert.Contains((LogLevel.Debug, "judge", $"Battle {Battles[0].Id} has no preference, InvalidAnswer: no number"), observer.Entries);
        Assert.Contains(
            observer.Entries, entry => entry.Message.Contains("answered 5 battles (orders: Both), 1 without", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_that_fails_as_a_whole_is_logged_and_each_battle_of_it_counted_once()
    {
        using var observer = new Observer();
        var measured = new MeasuredJudge(new FailingJudge(answer: null), "of-this-test", observer.CreateLogger("judge"));
        await using var judge = new IsolatingJudge(measured, _ => 1, _ => { });

        var outcomes = await judge.JudgeAsync(new JudgeRequest { Battles = Battles }, TestContext.Current.CancellationToken);

        Assert.All(outcomes, outcome => Assert.Equal(FailureCode.Unavailable, outcome.Failure!.Code));
        Assert.Contains(5, observer.Values("tiebreak.judge.failures", "Unavailable"));
        Assert.Contains(
            (LogLevel.Debug, "judge", "A judge of kind of-this-test could not answer a request for 5 battles."), observer.Entries);
    }

    // Answers the first battle of a request with a given outcome; without one it does not answer at all.
    private sealed class FailingJudge(JudgeOutcome? answer) : IJudge
    {
        public JudgeTraits Traits => new();

        public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
        {
            if (answer is not { } first)
                throw new TimeoutException("no answer");
            var outcomes = new JudgeOutcome[request.Battles.Count];
            Array.Fill(outcomes, new JudgeOutcome { First = Preference.Uniform, Second = Preference.Uniform });
            outcomes[0] = first;
            return Task.FromResult(outcomes);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
