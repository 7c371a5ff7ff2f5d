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
/// <param name="batchTokens">Most tokens that are computed together.</param>
/// <param name="threads">Threads that write battles.</param>
internal sealed class BattleScorer(
    ModelThread thread, BattleSequences sequences, Head head, int batchTokens, int threads) : IAsyncDisposable
{
    // Battles whose tokens are in memory at once.
    private const int SliceRows = 4096;

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
        for (var (start, done) = (0, 0); start < battles.Count; start += SliceRows)
        {
            var rows = await WriteAsync(battles, start, Math.Min(SliceRows, battles.Count - start), losses, cancellationToken)
                .ConfigureAwait(false);
            foreach (var batch in TokenBatches.Pack([.. rows.Select(row => row.Sum(sequence => sequence.Tokens.Count))], batchTokens))
            {
                if (finished?.TryTake(batch.Length) is not { } values)
                {
                    values = await thread.ComputeAsync(
                        [.. batch.SelectMany(row => rows[row])],
                        model => head.SelectionOf(model.Backbone),
                        (_, tokens, selected) => head.Forward(tokens, selected),
                        cancellationToken).ConfigureAwait(false);
                    finished?.Add(values);
                    if (TiebreakMeter.Tokens.Enabled)
                        TiebreakMeter.Tokens.Add(batch.Sum(row => rows[row].Sum(sequence => (long)sequence.Tokens.Count)));
                }

                for (var i = 0; i < batch.Length; i++)
                    outputs[start + batch[i]] = values[i];
                progress?.Report(done += batch.Length);
            }
        }

        return outputs;
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
