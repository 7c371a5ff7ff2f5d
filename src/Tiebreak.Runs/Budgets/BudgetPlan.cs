using Tiebreak.Runs.Planning;

namespace Tiebreak.Runs.Budgets;

/// <summary>How a budget is divided: most of it for the judge, a little for writing what it said.</summary>
internal static class BudgetPlan
{
    /// <summary>Shards are so small that the last one, which may not fit any more, is a small part of the budget.</summary>
    private const double ShardsInBudget = 200;

    /// <summary>Shards of less than this would mostly be file operations.</summary>
    private const double LeastSecondsOfShard = 0.5;

    private static readonly TimeSpan LeastMargin = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan LargestMargin = TimeSpan.FromSeconds(90);

    /// <summary>The time that measuring the speed may take: a hundredth of what is left, from 0.3 to ten seconds.</summary>
    public static TimeSpan SampleTime(TimeSpan left) => Clamp(left / 100, TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(10));

    /// <summary>When judges must stop: early enough to write everything three times over, and a hundredth of the budget besides.</summary>
    /// <param name="now">The present.</param>
    /// <param name="deadline">When everything must be written.</param>
    /// <param name="writing">How long it took to write the first submission.</param>
    public static DateTimeOffset StopAt(DateTimeOffset now, DateTimeOffset deadline, TimeSpan writing) =>
        deadline - (3 * writing) - Clamp((deadline - now) / 100, LeastMargin, LargestMargin);

    /// <summary>Shards for a judge of that speed.</summary>
    public static ShardSize ShardSize(SpeedSample speed, long rows, long tokens, TimeSpan left)
    {
        // Nothing was measured. If the judge fails, that says nothing about its speed; if not one battle was finished, every battle is a
        // good part of the budget.
        if (speed.SecondsForAll <= 0)
            return speed.Failure is null ? new ShardSize(1, 1) : Planning.ShardSize.Standard;

        var share = Math.Max(LeastSecondsOfShard, left.TotalSeconds / ShardsInBudget) / speed.SecondsForAll;
        return new ShardSize(
            (long)Math.Clamp(share * tokens, 1, Planning.ShardSize.Standard.Tokens),
            (int)Math.Clamp(share * rows, 1, Planning.ShardSize.Standard.Rows));
    }

    private static TimeSpan Clamp(
        TimeSpan value, TimeSpan least, TimeSpan largest) => value < least ? least : value > largest ? largest : value;
}
