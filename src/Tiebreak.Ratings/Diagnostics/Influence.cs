using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Diagnostics;

/// <summary>The votes in the order in which their removal brings one model closer to another.</summary>
internal sealed class Influence
{
    // Equal strengths are no change of order, and rounding is none either.
    private const double Clear = 1e-9;

    private readonly int[] _slots;

    private Influence(int better, int worse, int[] slots, int available, int? predicted) =>
        (Better, Worse, _slots, Available, Predicted) = (better, worse, slots, available, predicted);

    public int Better { get; }

    public int Worse { get; }

    /// <summary>Votes whose removal helps at all.</summary>
    public int Available { get; }

    /// <summary>How many have to go by first-order reckoning; null if all together do not suffice.</summary>
    public int? Predicted { get; }

    public static Influence Of(RatingFit fit, SquareMatrix inverse, int better, int worse)
    {
        var counts = fit.Counts;
        var direction = new double[inverse.Size];
        for (var i = 0; i < direction.Length; i++)
            direction[i] = inverse[i, better] - inverse[i, worse];

        // Without a vote the minimum moves by H⁻¹ times the vote's gradient.
        var effects = new List<(int Slot, double Effect)>();
        for (var slot = 0; slot < counts.Votes.Length; slot++)
        {
            if (counts.Votes[slot] == 0)
                continue;
            var score = fit.Likelihood.Score(fit.Parameters, slot);
            var pair = slot / VoteCounts.Outcomes;
            var effect = (score.A * direction[counts.First[pair]]) + (score.B * direction[counts.Second[pair]]);
            if (fit.Likelihood.HasTie)
                effect += score.T * direction[^1];
            if (effect < 0)
                effects.Add((slot, effect * counts.Weights[slot] / counts.Votes[slot]));
        }

        effects.Sort((one, other) => one.Effect == other.Effect ? one.Slot.CompareTo(other.Slot) : one.Effect.CompareTo(other.Effect));
        var gap = fit.Strengths[better] - fit.Strengths[worse];
        var (removed, predicted) = (0, (int?)null);
        foreach (var (slot, effect) in effects)
        {
            if (predicted is null && gap + (counts.Votes[slot] * effect) <= 0)
                predicted = removed + Math.Clamp((int)Math.Ceiling(gap / -effect), 1, counts.Votes[slot]);
            gap += counts.Votes[slot] * effect;
            removed += counts.Votes[slot];
        }

        return new Influence(better, worse, [.. effects.Select(effect => effect.Slot)], removed, predicted);
    }

    /// <summary>The first votes of the order, slot by slot.</summary>
    public IEnumerable<(int Slot, int Votes)> First(int votes, int[] available)
    {
        foreach (var slot in _slots)
        {
            var taken = Math.Min(votes, available[slot]);
            yield return (slot, taken);
            if ((votes -= taken) == 0)
                yield break;
        }
    }

    /// <summary>True if the worse model is ahead once the first votes of the order are gone.</summary>
    public bool Changes(RatingFit fit, double penalty, int votes)
    {
        var weights = fit.Counts.Weights.ToArray();
        foreach (var (slot, taken) in First(votes, fit.Counts.Votes))
            weights[slot] -= taken * fit.Counts.Weights[slot] / fit.Counts.Votes[slot];
        var parameters = fit.Likelihood.Minimise(weights, Math.Max(fit.Penalty, penalty), fit.Parameters).Parameters;
        return parameters[Worse] - parameters[Better] > Clear;
    }
}
