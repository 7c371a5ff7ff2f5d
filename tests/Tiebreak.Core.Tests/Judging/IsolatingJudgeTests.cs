using System.Net;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Judging;

/// <summary>A battle that breaks a judge breaks nothing else, and nothing is asked more often than that needs.</summary>
public sealed class IsolatingJudgeTests
{
    private static readonly IReadOnlyList<Battle> Battles = SyntheticBattles.Create(64);

    [Theory]
    [InlineData(Orders.First)]
    [InlineData(Orders.Both)]
    public async Task The_neighbours_of_a_bad_battle_are_judged(Orders orders)
    {
        var inner = new FaultyJudge(battles => battles.Contains(Battles[21]) ? new InvalidDataException("no such token") : null);
        var outcomes = await AskAsync(inner, orders);

        var failure = outcomes[21].Failure!;
        Assert.Equal(FailureCode.BattleFailed, failure.Code);
        Assert.Equal("InvalidDataException: no such token", failure.Describe());
        Assert.Equal(63, outcomes.Count(outcome => outcome.Failure is null && outcome.Second.HasValue == (orders == Orders.Both)));
        Assert.Equal(1 + (2 * 6), inner.Calls); // two for each of the halvings of 64
    }

    [Theory]
    [InlineData("timeout")]
    [InlineData("busy")]
    [InlineData("unreachable")]
    [InlineData("own cancellation")]
    public async Task What_may_work_later_is_not_halved(string what)
    {
        var inner = new FaultyJudge(_ => what switch
        {
            "timeout" => new TimeoutException("after 30 s"),
            "busy" => new HttpRequestException("busy", null, HttpStatusCode.ServiceUnavailable),
            "unreachable" => new HttpRequestException("no route to host"),
            _ => new TaskCanceledException("the client gave up"),
        });
        var outcomes = await AskAsync(inner);

        Assert.Equal(1, inner.Calls);
        Assert.All(outcomes, outcome => Assert.Equal(FailureCode.Unavailable, outcome.Failure!.Code));
        Assert.All(outcomes, outcome => Assert.True(outcome.Failure!.IsTransient));
        Assert.Contains("trying again may help", outcomes[0].Failure!.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_wrong_is_halved()
    {
        var refusal = new HttpRequestException("too long", null, HttpStatusCode.BadRequest);
        var inner = new FaultyJudge(battles => battles.Count > 1 ? refusal : null);
        Assert.All(await AskAsync(inner), outcome => Assert.Null(outcome.Failure));
        Assert.Equal((2 * 64) - 1, inner.Calls);
    }

    [Fact]
    public async Task A_cancellation_is_the_callers()
    {
        using var stop = new CancellationTokenSource();
        var inner = new FaultyJudge(_ =>
        {
            stop.Cancel();
            return new OperationCanceledException();
        });
        await using var judge = new IsolatingJudge(inner, _ => 1, _ => { });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => judge.JudgeAsync(new JudgeRequest { Battles = Battles }, stop.Token));
        Assert.Equal(1, inner.Calls);
    }

    [Fact]
    public async Task A_batch_too_large_for_memory_makes_all_later_ones_smaller()
    {
        var said = new List<string>();
        var inner = new FaultyJudge(battles => battles.Count > 20 ? new DeviceMemoryException("The card has 16 GB.") : null);
        await using var judge = new IsolatingJudge(inner, _ => 10, said.Add);
        var progress = new List<int>();

        var outcomes = await judge.JudgeAsync(new JudgeRequest { Battles = Battles, Progress = new Reports(progress) });
        Assert.All(outcomes, outcome => Assert.Null(outcome.Failure));
        Assert.Equal(2 + 4, inner.Calls); // 64 and 32 are too many, 16 fit
        Assert.Equal([16, 32, 48, 64], progress);
        Assert.Equal(2, said.Count(text => text.Contains("did not fit into memory", StringComparison.Ordinal)));

        await judge.JudgeAsync(new JudgeRequest { Battles = Battles });
        Assert.Equal(10, inner.Calls);
    }

    [Fact]
    public async Task A_battle_that_alone_is_too_large_for_memory_fails()
    {
        var inner = new FaultyJudge(battles => battles.Contains(Battles[40]) ? new InsufficientMemoryException("enough") : null);
        var outcomes = await AskAsync(inner);
        Assert.Equal(FailureCode.OutOfMemory, Assert.Single(outcomes, outcome => outcome.Failure is not null).Failure!.Code);
    }

    [Theory]
    [InlineData(double.NaN, "which are no probabilities")]
    [InlineData(0.7, "which are no probabilities")]
    [InlineData(null, "no preference for an order")]
    public async Task An_answer_that_is_no_preference_is_a_failure(double? a, string said)
    {
        var inner = new FaultyJudge(_ => null)
        {
            Answer = battle => battle != Battles[3]
                ? JudgeOutcome.Of(Preference.Uniform)
                : a is { } share ? JudgeOutcome.Of(new Preference(share, 0.5, 0.5)) : default,
        };
        var failed = Assert.Single(await AskAsync(inner), outcome => outcome.Failure is not null).Failure!;
        Assert.Equal(FailureCode.InvalidAnswer, failed.Code);
        Assert.Contains(said, failed.Message, StringComparison.Ordinal);
        Assert.Equal(1, inner.Calls);
    }

    [Fact]
    public async Task The_plain_question_throws_what_the_judge_threw()
    {
        var cause = new InputException("Battle 3 has no states.");
        var inner = new FaultyJudge(battles => battles.Contains(Battles[3]) ? cause : null);
        await using var judge = new IsolatingJudge(inner, _ => 1, _ => { });
        Assert.Same(cause, await Assert.ThrowsAsync<InputException>(() => judge.JudgeAsync(Battles)));
        Assert.Equal(3, (await judge.JudgeAsync([.. Battles.Take(3)])).Length);
    }

    private static async Task<JudgeOutcome[]> AskAsync(FaultyJudge inner, Orders orders = Orders.First)
    {
        await using var judge = new IsolatingJudge(inner, _ => 1, _ => { });
        return await judge.JudgeAsync(new JudgeRequest { Battles = Battles, Orders = orders });
    }

    /// <summary>Throws where it is told to; finds every other battle undecided.</summary>
    private sealed class FaultyJudge(Func<IReadOnlyList<Battle>, Exception?> fault) : IJudge
    {
        public Func<Battle, JudgeOutcome> Answer { get; init; } = _ => JudgeOutcome.Of(Preference.Uniform);

        public int Calls { get; private set; }

        public JudgeTraits Traits { get; } = new() { IsSymmetric = true };

        public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
        {
            Calls++;
            if (fault(request.Battles) is { } exception)
                throw exception;
            return Task.FromResult(request.Battles.Select(Answer).Select(outcome => request.Orders == Orders.Both
                ? outcome with { Second = outcome.First }
                : outcome).ToArray());
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Reports(List<int> values) : IProgress<int>
    {
        public void Report(int value) => values.Add(value);
    }
}
