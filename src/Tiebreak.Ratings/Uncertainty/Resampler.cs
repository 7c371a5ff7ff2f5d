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
    private readonly VoteSet _votes;
    private readonly VoteCounts _counts;
    private readonly ClusterRows? _rows;

    // Of every slot: its place among those that have votes; null where slots are drawn.
    private readonly int[]? _places;

    public Resampler(VoteCounts counts, VoteSet votes, int[]? clusters)
    {
        (_votes, _counts) = (votes, counts);
        Slots = [.. Enumerable.Range(0, counts.Weights.Length).Where(slot => counts.Votes[slot] > 0 || counts.Weights[slot] > 0)];
        if (clusters is null && votes.Weights is null && votes.SoftLabels is null)
        {
            _sampler = new MultinomialSampler([.. Slots.Select(slot => counts.Votes[slot])]);
            return;
        }

        _places = new int[counts.Votes.Length];
        for (var place = 0; place < Slots.Length; place++)
            _places[Slots[place]] = place;
        _rows = clusters is null ? null : ClusterRows.Of(clusters);
        var cells = new int[_rows?.Count ?? votes.Count];
        Array.Fill(cells, 1);
        _sampler = new MultinomialSampler(cells);
    }

    /// <summary>The slots that have votes.</summary>
    public int[] Slots { get; }

    /// <summary>The number of things that are drawn, if they are not slots; else 0.</summary>
    public int Cells => _places is null ? 0 : _rows?.Count ?? _votes.Count;

    /// <summary>Draws votes.</summary>
    /// <param name="random">Where numbers come from.</param>
    /// <param name="drawn">Buffer for as many numbers as there are <see cref="Cells"/>.</param>
    /// <param name="weights">Becomes the weight of each of <see cref="Slots"/>.</param>
    public void Draw(ref SeededRandom random, double[] drawn, double[] weights)
    {
        if (_places is null)
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
                Add(cell, drawn[cell], weights);
                continue;
            }

            foreach (var row in _rows[cell])
                Add(row, drawn[cell], weights);
        }
    }

    private void Add(int row, double times, double[] weights)
    {
        Span<VerdictShare> buffer = stackalloc VerdictShare[VoteSet.MostShares];
        foreach (var (verdict, share) in _votes.Shares(row, buffer))
        {
            // An outcome that has no share in any vote has no place.
            if (share > 0)
            {
                var slot = _counts.SlotOf(_votes.ModelA[row], _votes.ModelB[row], verdict);
                weights[_places![slot]] += times * share * (_votes.Weights?[row] ?? 1);
            }
        }
    }
}
