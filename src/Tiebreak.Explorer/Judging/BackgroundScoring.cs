using Tiebreak.Core;
using Tiebreak.Explorer.Index;

namespace Tiebreak.Explorer.Judging;

/// <summary>
/// Lets the judges say what they think of every battle, one after the other, as soon as the index is complete, and takes what files of
/// preferences say; those of runs that have not ended, when they do.
/// </summary>
internal sealed class BackgroundScoring : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _closing = new();
    private readonly Task _work;

    /// <param name="index">Keeps the preferences.</param>
    /// <param name="judges">The judges.</param>
    /// <param name="predictions">The files of preferences.</param>
    /// <param name="onWarning">Told why a judge or a file could not be taken.</param>
    public BackgroundScoring(BattleIndex index, JudgeShelf judges, PredictionShelf predictions, Action<string> onWarning) =>
        _work = Task.Run(() => ScoreAsync(index, judges, predictions, onWarning));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private async Task ScoreAsync(BattleIndex index, JudgeShelf judges, PredictionShelf predictions, Action<string> onWarning)
    {
        // Until the index is complete it writes its tables anew, which it cannot while a judge writes to others.
        await index.Completion.WaitAsync(_closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!index.Completion.IsCompletedSuccessfully)
            return;

        foreach (var name in judges.Names)
        {
            await GuardedAsync($"{name} could not be asked about all battles", () => index.ScoreAsync(
                name, judges.KeyOf(name), judges.JudgeOf(name), _closing.Token)).ConfigureAwait(false);
        }

        var waiting = predictions.Names.ToHashSet(StringComparer.Ordinal);
        while (true)
        {
            foreach (var name in predictions.ReadyNames.Where(waiting.Remove).ToList())
            {
                await GuardedAsync($"{name} could not be taken beside the judges", () => TakeAsync(index, predictions, name, onWarning))
                    .ConfigureAwait(false);
            }

            if (waiting.Count == 0)
                return;
            await Task.Delay(BetweenLooks, _closing.Token).ConfigureAwait(false);
        }

        async Task GuardedAsync(string failed, Func<Task> work)
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (TiebreakException exception)
            {
                onWarning($"{failed}: {exception.Message}");
            }
        }
    }

    private async Task TakeAsync(BattleIndex index, PredictionShelf predictions, string name, Action<string> onWarning)
    {
        var (judge, key) = predictions.Open(name);
        await index.ScoreAsync(name, key, judge, _closing.Token).ConfigureAwait(false);
        if (judge.Missing > 0)
            onWarning(Invariant($"{name} has no preference for {judge.Missing:N0} of the battles."));
    }
}
