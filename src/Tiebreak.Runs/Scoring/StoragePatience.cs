using Tiebreak.Core;

namespace Tiebreak.Runs.Scoring;

/// <summary>
/// Tries a write again for a while: somebody may free space, or a share may come back, and hours of work are worth a minute.
/// </summary>
internal sealed class StoragePatience(RunContext run)
{
    private const int Tries = 6;

    public async Task WriteAsync(Action write, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                write();
                return;
            }
            catch (TiebreakException exception) when (attempt < Tries)
            {
                run.Say($"{exception.Message} Trying again in {run.StoragePause.TotalSeconds:0} s.");
                await Task.Delay(run.StoragePause, run.Clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
