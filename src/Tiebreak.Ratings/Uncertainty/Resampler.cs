using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Uncertainty;

/// <summary>
/// Draws votes with replacement: slots of equal votes at once where votes weigh the same, single votes where they do not, whole clusters
/// where they depend on each other.
/// </summary>
internal sealed class Resampler
{
    private readonly MultinomialSampler _sampler;
    private readonly double[]? _weights;
    private readonly ClusterRows? _rows;

    // Of every vote: which of the slots it is in; null where slots are drawn.
    private readonly int[]? _slotOfRow;

    public Resampler(VoteCounts counts, VoteSet votes, int[]? clusters)
    {
        Slots = [.. Enumerable.Range(0, counts.Votes.Length).Where(slot => counts.Votes[slot] > 0)];
        if (clusters is null && votes.Weights is null)
        {
            _sampler = new MultinomialSampler([.. Slots.Select(slot => counts.Votes[slot])]);
            return;
        }

        var places = new int[counts.Votes.Length];
        for (var place = 0; place < Slots.Length; place++)
            places[Slots[place]] = place;
        _slotOfRow = new int[votes.Count];
        for (var row = 0; row < _slotOfRow.Length; row++)
            _slotOfRow[row] = places[counts.SlotOf(votes.ModelA[row], votes.ModelB[row], votes.Verdicts[row])];
        _weights = votes.Weights;
        _rows = clusters is null ? null : ClusterRows.Of(clusters);
        var cells = new int[_rows?.Count ?? votes.Count];
        Array.Fill(cells, 1);
        _sampler = new MultinomialSampler(cells);
    }

    /// <summary>The slots that have votes.</summary>
    public int[] Slots { get; }

    /// <summary>The number of things that are drawn, if they are not slots; else 0.</summary>
    public int Cells => _slotOfRow is null ? 0 : _rows?.Count ?? _slotOfRow.Length;

    /// <summary>Draws votes.</summary>
    /// <param name="random">Where numbers come from.</param>
    /// <param name="drawn">Buffer for as many numbers as there are <see cref="Cells"/>.</param>
    /// <param name="weights">Becomes the weight of each of <see cref="Slots"/>.</param>
    public void Draw(ref SeededRandom random, double[] drawn, double[] weights)
    {
        if (_slotOfRow is null)
        {
            _sampler.Draw(ref random, weights);
            return;
        }

        _sampler.Draw(ref random, drawn);
        Array.Clear(weights);
        for (var cell = 0; cell < drawn.Length; cell++)
        {
            if (drawn[cell] == 0)
                continue;
            if (_rows is null)
            {
                weights[_slotOfRow[cell]] += drawn[cell] * (_weights?[cell] ?? 1);
                continue;
            }

            foreach (var row in _rows[cell])
                weights[_slotOfRow[row]] += drawn[cell] * (_weights?[row] ?? 1);
        }
    }
}
