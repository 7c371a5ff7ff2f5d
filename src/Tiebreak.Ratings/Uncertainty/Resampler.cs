using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Uncertainty;

/// <summary>Draws votes with replacement: slots of equal votes at once where votes weigh the same, single votes where they do not, whole clusters where they depend on each other.</summary>
internal sealed class Resampler
{
    private readonly MultinomialSampler _sampler;
    private readonly int[] _slots;
    private readonly double[]? _weights;
    private readonly ClusterRows? _rows;

    public Resampler(VoteCounts counts, VoteSet votes, int[]? clusters)
    {
        Slots = counts.Weights.Length;
        if (clusters is null && votes.Weights is null)
        {
            _slots = [.. Enumerable.Range(0, Slots).Where(slot => counts.Votes[slot] > 0)];
            _sampler = new MultinomialSampler([.. _slots.Select(slot => counts.Votes[slot])]);
            return;
        }

        _slots = new int[votes.Count];
        for (var row = 0; row < _slots.Length; row++)
            _slots[row] = counts.SlotOf(votes.ModelA[row], votes.ModelB[row], votes.Verdicts[row]);
        _weights = votes.Weights;
        _rows = clusters is null ? null : ClusterRows.Of(clusters);
        var cells = new int[_rows?.Count ?? votes.Count];
        Array.Fill(cells, 1);
        _sampler = new MultinomialSampler(cells);
    }

    /// <summary>The number of slots of the votes.</summary>
    public int Slots { get; }

    /// <summary>The number of things that are drawn.</summary>
    public int Cells => _rows?.Count ?? _slots.Length;

    /// <summary>Draws votes.</summary>
    /// <param name="random">Where numbers come from.</param>
    /// <param name="drawn">Buffer for as many numbers as there are <see cref="Cells"/>.</param>
    /// <param name="weights">Becomes the weight of every slot.</param>
    public void Draw(ref SeededRandom random, int[] drawn, double[] weights)
    {
        _sampler.Draw(ref random, drawn);
        Array.Clear(weights);
        for (var cell = 0; cell < drawn.Length; cell++)
        {
            if (drawn[cell] == 0)
                continue;
            if (_rows is null)
            {
                weights[_slots[cell]] += drawn[cell] * (_weights?[cell] ?? 1);
                continue;
            }

            foreach (var row in _rows[cell])
                weights[_slots[row]] += drawn[cell] * (_weights?[row] ?? 1);
        }
    }
}
