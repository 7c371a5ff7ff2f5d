using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Judging;

/// <summary>What a judge answers when it is asked for one order or for both.</summary>
public sealed class OrdersTests
{
    private static readonly IReadOnlyList<Battle> Battles = SyntheticBattles.Create(5);

    [Fact]
    public async Task Both_orders_are_what_each_order_alone_is_and_mean_the_battles_own_sides()
    {
        await using var judge = new CalibratedJudge(new FirstSideJudge(), [new Temperature(1.3)]);
        var (first, second) = (await AskAsync(judge, Orders.First), await AskAsync(judge, Orders.Second));
        var both = await AskAsync(judge, Orders.Both);
        var exchanged = await judge.JudgeAsync([.. Battles.Select(battle => battle.Swapped())]);

        for (var i = 0; i < Battles.Count; i++)
        {
            Assert.Equal(JudgeOutcome.Of(first[i].Preference), first[i]);
            Assert.Equal(new JudgeOutcome { Second = exchanged[i].Swapped() }, second[i]);
            Assert.Equal(new JudgeOutcome { First = first[i].First, Second = second[i].Second }, both[i]);
            Assert.NotEqual(both[i].First, both[i].Second);
            Assert.Equal(SwapAveragedJudge.Mean(first[i].Preference, second[i].Preference), both[i].Preference);
        }
    }

    [Theory]
    [InlineData(Orders.First)]
    [InlineData(Orders.Second)]
    [InlineData(Orders.Both)]
    public async Task Swap_averaging_asks_once_for_both_orders_and_gives_their_mean(Orders orders)
    {
        var inner = new Recorder(new FirstSideJudge());
        await using var judge = new SwapAveragedJudge(inner);
        var outcomes = await AskAsync(judge, orders);

        Assert.Equal([Orders.Both], inner.Asked);
        foreach (var (outcome, both) in outcomes.Zip(await AskAsync(inner, Orders.Both)))
        {
            Assert.Equal(orders.HasFlag(Orders.First) ? both.Preference : null, outcome.First);
            Assert.Equal(orders.HasFlag(Orders.Second) ? both.Preference : null, outcome.Second);
        }
    }

    [Fact]
    public async Task A_symmetric_judge_answers_for_both_orders_at_once()
    {
        var reports = new List<int>();
        await using var judge = new PriorJudge(new Preference(0.4, 0.4, 0.2));
        var outcome = (await judge.JudgeAsync(new JudgeRequest
        {
            Battles = Battles,
            Orders = Orders.Both,
            Progress = new Reports(reports),
        }))[0];

        Assert.Equal((judge.Prior, judge.Prior), (outcome.First!.Value, outcome.Second!.Value));
        Assert.Equal([Battles.Count], reports);
    }

    [Fact]
    public async Task What_fails_in_one_order_fails_in_both()
    {
        var failure = new JudgeFailure(FailureCode.BattleFailed, "no such token");
        var request = new JudgeRequest { Battles = Battles, Orders = Orders.Both };
        var calls = 0;
        var outcomes = await request.AnswerAsync(
            (battles, _) => Task.FromResult(battles.Select(_ => ++calls == Battles.Count + 2
                ? JudgeOutcome.Of(failure)
                : JudgeOutcome.Of(Preference.Uniform) with { NeitherAcceptable = 0.25, AbstainedBy = "too long" }).ToArray()),
            isSymmetric: false);

        Assert.Equal(JudgeOutcome.Of(failure), outcomes[1]);
        Assert.Throws<InvalidOperationException>(() => outcomes[1].Preference);
        Assert.Equal((0.25, "too long"), (outcomes[0].NeitherAcceptable!.Value, outcomes[0].AbstainedBy));
    }

    private static Task<JudgeOutcome[]> AskAsync(IJudge judge, Orders orders) =>
        judge.JudgeAsync(new JudgeRequest { Battles = Battles, Orders = orders });

    private sealed class Recorder(IJudge inner) : IJudge
    {
        public List<Orders> Asked { get; } = [];

        public JudgeTraits Traits => inner.Traits;

        public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
        {
            Asked.Add(request.Orders);
            return inner.JudgeAsync(request, cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Reports(List<int> values) : IProgress<int>
    {
        public void Report(int value) => values.Add(value);
    }
}
