using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Runs.Scoring;

/// <summary>
/// Gets a preference for every battle that has one. A batch that fails is halved until the battle that breaks the judge stands alone; a
/// batch that does not fit into memory halves the token budget of all batches to come.
/// </summary>
/// <param name="judge">The judge of one order.</param>
/// <param name="say">Receives what a person should know.</param>
internal sealed class BatchScorer(IJudge judge, Action<string> say)
{
    private long _tokenBudget = long.MaxValue;

    /// <summary>Scores battles.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="tokens">Their estimated tokens.</param>
    /// <param name="progress">Receives the number of battles done.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>One score per battle.</returns>
    public async Task<RowScore[]> ScoreAsync(
        IReadOnlyList<Battle> battles, IReadOnlyList<long> tokens, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var scores = new RowScore[battles.Count];
        for (var start = 0; start < battles.Count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (count, sum) = (0, 0L);
            while (start + count < battles.Count && (count == 0 || sum + tokens[start + count] <= _tokenBudget))
                sum += tokens[start + count++];

            try
            {
                var from = start;
                var inner = progress is null ? null : new Shifted(progress, from);
                await ScoreAsync([.. battles.Skip(from).Take(count)], scores.AsMemory(from, count), inner, cancellationToken);
            }
            catch (Exception exception) when (IsOutOfMemory(exception) && count > 1)
            {
                _tokenBudget = Math.Max(1, sum / 2);
                say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count} battles with about {sum:N0} tokens did not fit into memory; from now on at most {_tokenBudget:N0} tokens at "
                        + $"a time. {exception.Message}"));
                GC.Collect();
                continue;
            }

            start += count;
            progress?.Report(start);
        }

        return scores;
    }

    private async Task ScoreAsync(Battle[] battles, Memory<RowScore> scores, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        try
        {
            var preferences = await judge.JudgeAsync(battles, progress, cancellationToken);
            if (preferences.Length != battles.Length)
                throw new InvalidOperationException($"the judge gave {preferences.Length} preferences for {battles.Length} battles");
            for (var i = 0; i < battles.Length; i++)
                scores.Span[i] = Validated(preferences[i]);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (battles.Length == 1)
        {
            scores.Span[0] = new RowScore(default, $"{exception.GetType().Name}: {exception.Message}");
        }
        catch (Exception exception) when (!IsOutOfMemory(exception))
        {
            var half = battles.Length / 2;
            await ScoreAsync(battles[..half], scores[..half], progress: null, cancellationToken);
            await ScoreAsync(battles[half..], scores[half..], progress: null, cancellationToken);
        }
    }

    private static RowScore Validated(Preference preference) => preference.IsValid
        ? new RowScore(preference, null)
        : new RowScore(default, string.Create(
            CultureInfo.InvariantCulture, $"the judge gave {preference.A}, {preference.B}, {preference.Tie}, which are no probabilities"));

    private static bool IsOutOfMemory(Exception exception) => exception is OutOfMemoryException or DeviceMemoryException;

    private sealed class Shifted(IProgress<int> progress, int offset) : IProgress<int>
    {
        public void Report(int value) => progress.Report(offset + value);
    }
}
