using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Diagnostics;

/// <summary>
/// The fewest votes whose removal changes an order (Broderick, Giordano and Meager 2020, arXiv 2011.14999; for the Arena Huang et al. 2025,
/// arXiv 2508.11847). Votes are ordered by their influence on the difference of two strengths, to first order; then the shortest run of
/// them that really changes the order is found by fitting without it.
/// </summary>
public static class Fragility
{
    // Removing votes may leave a model undefeated; ratings then need something to hold on to.
    private const double Penalty = 1e-4;

    private const int Challengers = 3;

    /// <summary>The fewest votes without which somebody else is first; null if no removal was found.</summary>
    /// <param name="fit">The ratings.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static FragilityResult? OfTop(RatingFit fit, int threads = -1)
    {
        var top = Enumerable.Range(0, fit.Strengths.Count).MaxBy(model => fit.Strengths[model]);
        var inverse = Sandwich.InverseHessian(fit, threads);
        return Enumerable.Range(0, fit.Strengths.Count).Where(model => model != top)
            .Select(model => Influence.Of(fit, inverse, top, model))
            .Where(influence => influence.Predicted is not null)
            .OrderBy(influence => influence.Predicted)
            .Take(Challengers)
            .Select(influence => Verify(fit, influence))
            .OfType<FragilityResult>()
            .MinBy(result => result.Votes);
    }

    /// <summary>The fewest votes without which the order of two models changes; null if no removal was found.</summary>
    /// <param name="fit">The ratings.</param>
    /// <param name="one">A model.</param>
    /// <param name="other">Another model.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    /// <exception cref="InputException">A model is not rated.</exception>
    public static FragilityResult? OfPair(RatingFit fit, string one, string other, int threads = -1)
    {
        var (first, second) = (Place(fit, one), Place(fit, other));
        if (first == second)
            throw new InputException($"{one} cannot fall behind itself: name two models.");
        var (better, worse) = fit.Strengths[first] >= fit.Strengths[second] ? (first, second) : (second, first);
        return Verify(fit, Influence.Of(fit, Sandwich.InverseHessian(fit, threads), better, worse));
    }

    private static FragilityResult? Verify(RatingFit fit, Influence influence)
    {
        var most = influence.Available;
        var enough = influence.Predicted ?? most;
        while (enough <= most && !influence.Changes(fit, Penalty, enough))
            enough = enough == most ? most + 1 : Math.Min(most, enough + 1 + (enough / 8));
        if (enough > most)
            return null;

        // The effect grows with every vote of the run, so the shortest one is found by halving.
        for (var tooFew = 0; enough - tooFew > 1;)
        {
            var middle = (enough + tooFew) / 2;
            if (influence.Changes(fit, Penalty, middle))
                enough = middle;
            else
                tooFew = middle;
        }

        return new FragilityResult(
            fit.Counts.Models[influence.Better],
            fit.Counts.Models[influence.Worse],
            enough,
            (double)enough / fit.Counts.Votes.Sum(),
            [.. influence.First(enough, fit.Counts.Votes).Where(part => part.Votes > 0)
                .Select(part => Describe(fit.Counts, part.Slot, part.Votes))]);
    }

    private static RemovedVotes Describe(VoteCounts counts, int slot, int votes)
    {
        var (pair, outcome) = (slot / VoteCounts.Outcomes, slot % VoteCounts.Outcomes);
        var (first, second) = (counts.Models[counts.First[pair]], counts.Models[counts.Second[pair]]);
        return outcome == 1 ? new RemovedVotes(second, first, IsTie: false, votes) : new RemovedVotes(first, second, outcome > 1, votes);
    }

    private static int Place(RatingFit fit, string model)
    {
        var place = fit.Counts.Models.ToList().IndexOf(model);
        return place >= 0 ? place : throw new InputException($"{model} is not among the {fit.Counts.Models.Count} rated models.");
    }
}

/// <summary>How few votes have to go for one model to fall behind another.</summary>
/// <param name="Better">The model that is ahead.</param>
/// <param name="Worse">The model that gets ahead of it.</param>
/// <param name="Votes">The number of votes: verified by fitting without them; fewer might do, since not every set is tried.</param>
/// <param name="Share">Their share of all votes.</param>
/// <param name="Removed">Which votes.</param>
public sealed record FragilityResult(string Better, string Worse, int Votes, double Share, IReadOnlyList<RemovedVotes> Removed);

/// <summary>Votes of one kind among those whose removal changes an order.</summary>
/// <param name="Winner">The model that won, or one of two that tied.</param>
/// <param name="Loser">The model that lost, or the other of two that tied.</param>
/// <param name="IsTie">True if the votes were ties or both bad.</param>
/// <param name="Votes">How many are removed.</param>
public sealed record RemovedVotes(string Winner, string Loser, [property: JsonPropertyName("tie")] bool IsTie, int Votes);
