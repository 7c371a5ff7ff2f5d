using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Fitting;

namespace Tiebreak.Ratings.Uncertainty;

/// <summary>
/// The covariance that a model itself gives its parameters: the inverse of the Hessian H of its loss, penalty included, which is that of
/// maximum likelihood (Fisher 1925), and of the posterior distribution if the penalty is taken for a prior (Laplace's approximation). Votes
/// whose weights are not 1 have H⁻¹ J H⁻¹, where J is the Hessian with squared weights: multiplying all weights by one number must not
/// change what is known.
/// </summary>
internal static class ModelCovariance
{
    /// <summary>The covariance of strengths and tie parameter; without a penalty, of their differences to the mean.</summary>
    public static SquareMatrix Of(RatingFit fit, int threads)
    {
        var likelihood = fit.Likelihood;
        var (weights, squares) = (fit.Counts.Weights, fit.Counts.Squares);
        var bread = Factored(weights, fit.Penalty).Inverse(threads);
        if (weights.AsSpan().SequenceEqual(squares))
            return bread;

        var middle = Hessian(squares, fit.Penalty * squares.Sum() / weights.Sum());
        return bread.Times(middle, threads).Times(bread, threads);

        Cholesky Factored(double[] ofSlots, double penalty) => Newton.TryFactor(Hessian(ofSlots, penalty))!;

        SquareMatrix Hessian(double[] ofSlots, double penalty)
        {
            var hessian = new SquareMatrix(likelihood.Parameters);
            likelihood.EvaluatePenalised(fit.Parameters, ofSlots, penalty, new double[hessian.Size], hessian);
            return hessian;
        }
    }
}
