using System.Runtime.InteropServices;
using Tiebreak.Core;
using Tiebreak.Core.Training;

namespace Tiebreak.Transformers.Judges;

/// <summary>
/// A model's outputs for batches that are kept in a journal. Batches are the same whenever the same battles are scored, so the first ones
/// are taken from the journal and only the others are computed, with the same results as without a stop.
/// </summary>
/// <param name="journal">Holds a record for each batch: the outputs of its battles, one after another. Disposed with this one.</param>
internal sealed class FinishedBatches(WorkJournal journal) : IDisposable
{
    private int _next;

    /// <summary>How many battles were taken from the journal so far.</summary>
    public int TakenBattles { get; private set; }

    /// <summary>The outputs of the next batch, or null if it has to be computed.</summary>
    /// <param name="battles">How many battles it has.</param>
    /// <exception cref="InputException">The journal's batch is another one.</exception>
    public float[][]? TryTake(int battles)
    {
        if (_next == journal.Finished.Count)
            return null;

        var values = MemoryMarshal.Cast<byte, float>(journal.Finished[_next++]).ToArray();
        if (values.Length == 0 || values.Length % battles != 0)
            throw new InputException("The work that is to be resumed was done in other batches. Remove its folder and begin again.");
        TakenBattles += battles;
        return [.. values.Chunk(values.Length / battles)];
    }

    /// <summary>Keeps the outputs of the batch that was computed.</summary>
    public void Add(float[][] outputs) => journal.Append(MemoryMarshal.AsBytes<float>([.. outputs.SelectMany(values => values)]));

    public void Dispose() => journal.Dispose();
}
