using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Hosting.Batching;

namespace Tiebreak.Hosting.Tests.Batching;

public sealed class BatchQueueTests
{
    private static readonly Battle Some = ScriptedJudge.Battle("1");
    private static readonly QueuedRequest First = new([Some], Orders.First);
    private static readonly QueuedRequest Both = new([Some], Orders.Both);

    [Fact]
    public void The_shortest_go_first_and_equals_in_their_order()
    {
        var queue = new BatchQueue(new BatchLimits { BatchBattles = 2 });
        foreach (var (number, tokens) in new[] { (0, 30), (1, 10), (2, 10), (3, 20) })
            queue.Add(Battle(number, tokens));

        Assert.Equal([1, 2], Numbers(queue));
        Assert.Equal([3, 0], Numbers(queue));
        Assert.Empty(Numbers(queue));
    }

    [Fact]
    public void An_urgent_battle_goes_before_shorter_ones()
    {
        var queue = new BatchQueue(new BatchLimits { BatchBattles = 2 });
        queue.Add(Battle(0, tokens: 1000, urgentAt: 5));
        queue.Add(Battle(1, tokens: 1, urgentAt: 50));
        queue.Add(Battle(2, tokens: 2, urgentAt: 50));

        Assert.Equal([0, 1], Numbers(queue, now: 6));
    }

    [Fact]
    public void A_batch_has_few_tokens_but_one_battle_at_least()
    {
        var queue = new BatchQueue(new BatchLimits { BatchTokens = 100 });
        foreach (var (number, tokens) in new[] { (0, 60), (1, 40), (2, 500) })
            queue.Add(Battle(number, tokens));

        Assert.Equal([1, 0], Numbers(queue));
        Assert.Equal([2], Numbers(queue));
    }

    [Fact]
    public void Battles_of_a_batch_are_judged_in_the_same_orders()
    {
        var queue = new BatchQueue(new BatchLimits());
        queue.Add(Battle(0, tokens: 1));
        queue.Add(Battle(1, tokens: 2, request: Both));
        queue.Add(Battle(2, tokens: 3));

        Assert.Equal([0, 2], Numbers(queue));
        Assert.Equal([1], Numbers(queue));
    }

    [Fact]
    public void Everything_that_came_in_goes_out_once_within_the_limits() =>
        Gen.Select(Gen.Long[1, 300], Gen.Int[0, 20], Gen.Bool).Array[1, 60].Sample(battles =>
        {
            var limits = new BatchLimits { BatchBattles = 7, BatchTokens = 400 };
            var queue = new BatchQueue(limits);
            for (var i = 0; i < battles.Length; i++)
                queue.Add(Battle(i, battles[i].Item1, battles[i].Item2, battles[i].Item3 ? First : Both));
            Assert.Equal(battles.Sum(battle => battle.Item1), queue.Tokens);

            var taken = new List<long>();
            for (var now = 0; queue.Take(TimeSpan.FromSeconds(now)) is { Count: > 0 } batch; now++)
            {
                Assert.InRange(batch.Count, 1, limits.BatchBattles);
                Assert.True(batch.Count == 1 || batch.Sum(battle => battle.Tokens) <= limits.BatchTokens);
                Assert.Single(batch.Select(battle => battle.Orders).Distinct());
                taken.AddRange(batch.Select(battle => battle.Number));
            }

            Assert.Equal(Enumerable.Range(0, battles.Length).Select(i => (long)i), taken.Order());
            Assert.Equal((0, 0), (queue.Count, queue.Tokens));
        });

    private static QueuedBattle Battle(int number, long tokens, int urgentAt = 1000, QueuedRequest? request = null) =>
        new(request ?? First, index: 0)
        {
            Number = number,
            Tokens = tokens,
            CameAt = TimeSpan.Zero,
            UrgentAt = TimeSpan.FromSeconds(urgentAt),
        };

    private static long[] Numbers(BatchQueue queue, int now = 0) =>
        [.. queue.Take(TimeSpan.FromSeconds(now)).Select(battle => battle.Number)];
}
