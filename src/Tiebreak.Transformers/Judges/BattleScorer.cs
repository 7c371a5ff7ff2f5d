using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Diagnostics;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Judges;

/// <summary>Computes a model's outputs for battles: the numbers that a reading makes preferences of.</summary>
/// <param name="thread">The model.</param>
/// <param name="sequences">Writes battles.</param>
/// <param name="head">What makes numbers of hidden states; it belongs to the model.</param>
/// <param name="sharing">What sequences may share; null: nothing.</param>
/// <param name="batchTokens">Most tokens that are computed together.</param>
/// <param name="threads">Threads that write battles.</param>
internal sealed class BattleScorer(
    ModelThread thread, BattleSequences sequences, Head head, PrefixSharing? sharing, int batchTokens, int threads) : IAsyncDisposable
{
    /// <summary>Battles whose tokens are in memory at once, and for which batches are planned together.</summary>
    public const int SliceRows = 4096;

    /// <summary>Whether what sequences begin with in common is computed once.</summary>
    public bool SharesPrefixes => sharing is not null;

    /// <summary>The model, for other uses of its hidden states.</summary>
    public ModelThread Thread => thread;

    /// <summary>Scores battles in the order given; batches are made by length, and no result depends on its neighbours.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="losses">Takes what the token budget costs them, or null.</param>
    /// <param name="finished">Batches of the same battles that were computed before, and where new ones are kept; null for none.</param>
    /// <param name="progress">Receives the number of battles done.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>
    /// Logits of labels or answers, one value of the pair, or one for each side. They need not be finite; see <see cref="ProblemOf"/>.
    /// </returns>
    /// <exception cref="TiebreakException">Memory is too small.</exception>
    public async Task<float[][]> ScoreAsync(
        IReadOnlyList<Battle> battles,
        LossRecord? losses,
        FinishedBatches? finished,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        var outputs = new float[battles.Count][];
        var done = 0;
        for (var start = 0; start < battles.Count; start += SliceRows)
        {
            var rows = await WriteAsync(battles, start, Math.Min(SliceRows, battles.Count - start), losses, cancellationToken)
                .ConfigureAwait(false);
            var plan = BatchPlan.Of(rows, batchTokens, sharing);
            var kept = plan.KeptTokens.Count > 0 ? new KeptPrefix(plan.KeptTokens) : null;
            try
            {
                await ScoreAsync(plan, kept, outputs.AsMemory(start, rows.Length)).ConfigureAwait(false);
            }
            finally
            {
                if (kept is not null)
                    await thread.FreeAsync(kept).ConfigureAwait(false);
            }
        }

        return outputs;

        async Task ScoreAsync(BatchPlan plan, KeptPrefix? kept, Memory<float[]> into)
        {
            foreach (var batch in plan.Batches)
            {
                if (finished?.TryTake(batch.Rows.Count) is not { } values)
                {
                    values = (await thread.ComputeAsync([batch], kept, head, cancellationToken).ConfigureAwait(false))[0];
                    finished?.Add(values);
                    TiebreakMeter.Tokens.Add(batch.Tokens);
                }

                for (var i = 0; i < values.Length; i++)
                    into.Span[batch.Rows[i]] = values[i];
                progress?.Report(done += values.Length);
            }
        }
    }

    /// <summary>Why a battle's outputs cannot be read as a preference; null if they can.</summary>
    public static string? ProblemOf(float[] outputs, Battle battle) => Array.TrueForAll(outputs, float.IsFinite)
        ? null
        : $"The model gave a number that is not finite for battle {battle.Id}; compute with dtype float32, or look at the weights.";

    /// <summary>Notes what the token budget costs the battles that a record lacks.</summary>
    public Task MeasureLossesAsync(LossRecord losses, CancellationToken cancellationToken) => Task.Run(
        () => Parallel.ForEach(losses.Missing, Options(cancellationToken), battle => sequences.Of(battle, losses)), cancellationToken);

    public ValueTask DisposeAsync() => thread.DisposeAsync();

    private Task<TokenSequence[][]> WriteAsync(
        IReadOnlyList<Battle> battles, int start, int count, LossRecord? losses, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var rows = new TokenSequence[count][];
            Parallel.For(0, count, Options(cancellationToken), i => rows[i] = sequences.Of(battles[start + i], losses));
            return rows;
        },
        cancellationToken);

    private ParallelOptions Options(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
}
