using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Runs.Planning;

/// <summary>How fast a judge is on this machine: short, ordinary and long battles of the data, judged for a moment.</summary>
public sealed record SpeedSample
{
    /// <summary>Batches of battles of one length: from the longest of all to the shortest.</summary>
    private const int Batches = 8;

    // Ordinary battles first, the longest last, in case there is no time for all.
    private static readonly int[] BatchOrder = [3, 6, 1, 5, 7, 4, 2, 0];

    /// <summary>Judging stops, whatever it is at, after so many times the time that was meant for it.</summary>
    private const int MostOverTime = 10;

    private const int MostRowsOfBatch = 1 << 12;

    /// <summary>Battles that were judged.</summary>
    public required int Rows { get; init; }

    /// <summary>Time that every battle takes, whatever its length, in seconds.</summary>
    public required double SecondsPerRow { get; init; }

    /// <summary>Time that an estimated token takes, in seconds.</summary>
    public required double SecondsPerToken { get; init; }

    /// <summary>What one order of all battles will take, in seconds.</summary>
    public required double SecondsForAll { get; init; }

    /// <summary>Why the judge failed on the first of the sampled battles that it failed on; null if it failed on none.</summary>
    public string? Failure { get; init; }

    /// <summary>Measures. The result varies as the machine does.</summary>
    /// <param name="judge">The judge of one order.</param>
    /// <param name="battles">The data. Battles on which the judge fails are passed over; <see cref="Failure"/> says why.</param>
    /// <param name="time">Batches are made larger until they have taken about so long together.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static async Task<SpeedSample> MeasureAsync(
        IJudge judge, IReadOnlyList<Battle> battles, TimeSpan time, TimeProvider? clock = null,
        CancellationToken cancellationToken = default)
    {
        clock ??= TimeProvider.System;
        var tokens = TokenCost.Of(battles);
        var order = ShardCutter.LongestFirst(tokens);
        var measured = new List<(int Rows, long Tokens, double Seconds)>();
        var (start, judged, failure) = (clock.GetTimestamp(), 0, (string?)null);
        using var limit = new CancellationTokenSource(time * MostOverTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);

        // Each round doubles the batches. The last round alone counts where there are several: the first ones warm up.
        for (var rows = 1; rows <= MostRowsOfBatch; rows *= 2)
        {
            var round = new List<(int Rows, long Tokens, double Seconds)>();
            foreach (var batch in BatchOrder.TakeWhile(_ => clock.GetElapsedTime(start) < time))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var places = Places(order, batch, rows);
                var batchStart = clock.GetTimestamp();
                try
                {
                    await judge.JudgeAsync([.. places.Select(place => battles[place])], progress: null, either.Token).ConfigureAwait(false);
                    round.Add((places.Length, places.Sum(place => tokens[place]), clock.GetElapsedTime(batchStart).TotalSeconds));
                }
                catch (OperationCanceledException) when (either.IsCancellationRequested)
                {
                    // The judge is slower than the time for the sample: the run itself will find out how slow.
                }
                catch (Exception exception)
                {
                    failure ??= exception.Message;
                }

                judged += places.Length;
            }

            if (round.Count == Batches || measured.Count == 0)
                measured = round;
            if (clock.GetElapsedTime(start) >= time / 2 || (long)rows * Batches >= battles.Count)
                break;
        }

        cancellationToken.ThrowIfCancellationRequested();
        var model = measured.Count > 0 ? CostModel.Fit(measured) : new CostModel(0, 0);
        return new SpeedSample
        {
            Rows = judged,
            SecondsPerRow = model.SecondsPerRow,
            SecondsPerToken = model.SecondsPerToken,
            SecondsForAll = model.Predict(battles.Count, tokens.Sum()),
            Failure = failure,
        };
    }

    // Neighbours in length, around evenly spread places of the order; the first batch begins with the longest battle.
    private static int[] Places(int[] order, int batch, int rows)
    {
        var count = Math.Min(rows, order.Length);
        var first = (int)((long)(order.Length - count) * batch / (Batches - 1));
        return order[first..(first + count)];
    }
}
