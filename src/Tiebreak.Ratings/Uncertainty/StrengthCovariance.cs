using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Uncertainty;

/// <summary>
/// How uncertain fitted strengths are, in two covariances. The model's own follows from the curvature of its loss: it is reliable with few
/// votes, and wrong where the model does not hold. The robust one (the sandwich, or bootstrap rounds) follows from how votes scatter around
/// the fit: it holds where the model does not, and says next to nothing with few votes: those of a model with a single tie do not scatter
/// at all. The variance of every contrast (a strength less the mean, or less the anchor's; one strength less another) is the larger of the
/// two.
/// </summary>
/// <param name="Model">The model's own; strengths come first, other parameters may follow.</param>
/// <param name="Robust">The robust one, in the same order.</param>
internal sealed record StrengthCovariance(SquareMatrix Model, SquareMatrix Robust)
{
    /// <summary>Of a fit to votes: the model's own covariance and the sandwich.</summary>
    /// <param name="fit">Fitted to the votes.</param>
    /// <param name="votes">The votes.</param>
    /// <param name="clusters">The cluster of each vote, or null if votes are independent.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static StrengthCovariance Of(RatingFit fit, VoteSet votes, int[]? clusters, int threads)
    {
        // The outcomes that a soft label is divided among belong together.
        if (votes.SoftLabels is not null)
            clusters ??= [.. Enumerable.Range(0, votes.Count)];
        return clusters is null
            ? Of(fit, threads)
            : new StrengthCovariance(ModelCovariance.Of(fit, threads), Sandwich.Covariance(fit, votes, clusters, threads));
    }

    /// <summary>Of a fit to votes that are independent.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static StrengthCovariance Of(RatingFit fit, int threads) =>
        new(ModelCovariance.Of(fit, threads), Sandwich.Covariance(fit, threads));

    /// <summary>The variance of a parameter by itself, for instance a coefficient.</summary>
    public double Of(int parameter) => Math.Max(Model[parameter, parameter], Robust[parameter, parameter]);

    /// <summary>The variance of every strength less a reference.</summary>
    /// <param name="models">The number of strengths.</param>
    /// <param name="reference">The model to compare with, or null: the mean of all.</param>
    public double[] RelativeTo(int models, int? reference)
    {
        var (model, robust) = (Model.RelativeTo(models, reference), Robust.RelativeTo(models, reference));
        return [.. Enumerable.Range(0, models).Select(i => Math.Max(0, Math.Max(model[i, i], robust[i, i])))];
    }

    /// <summary>The variance of the difference of two strengths.</summary>
    public double OfDifference(int one, int other) => Math.Max(Difference(Model, one, other), Difference(Robust, one, other));

    private static double Difference(SquareMatrix covariance, int one, int other) =>
        covariance[one, one] + covariance[other, other] - (2 * covariance[one, other]);
}
