using Tiebreak.Core;
using Tiebreak.Explorer.Index;

namespace Tiebreak.Explorer.Judging;

/// <summary>Lets the judges say what they think of every battle, one after the other, as soon as the index is complete.</summary>
internal sealed class BackgroundScoring : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _work;

    /// <param name="index">Keeps the preferences.</param>
    /// <param name="judges">The judges.</param>
    /// <param name="onWarning">Told why a judge could not go on.</param>
    public BackgroundScoring(BattleIndex index, JudgeShelf judges, Action<string> onWarning) =>
        _work = Task.Run(() => ScoreAsync(index, judges, onWarning));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private async Task ScoreAsync(BattleIndex index, JudgeShelf judges, Action<string> onWarning)
    {
        // Until the index is complete it writes its tables anew, which it cannot while a judge writes to others.
        await index.Completion.WaitAsync(_closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!index.Completion.IsCompletedSuccessfully)
            return;

        foreach (var name in judges.Names)
        {
            try
            {
                await index.ScoreAsync(name, judges.KeyOf(name), judges.JudgeOf(name), _closing.Token).ConfigureAwait(false);
            }
            catch (TiebreakException exception)
            {
                onWarning($"{name} could not be asked about all battles: {exception.Message}");
            }
        }
    }
}
