using System.Runtime.Intrinsics;
using Tiebreak.Core;
using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Fitting;

/// <summary>
/// Minus the log-likelihood of counted votes. Parameters: the strength of every model, then the tie parameter if the model has one.
/// </summary>
internal abstract class Likelihood(VoteCounts counts)
{
    public VoteCounts Counts { get; } = counts;

    public int Models => Counts.Models.Count;

    /// <summary>Strengths and tie parameter together.</summary>
    public int Parameters => Models + (HasTie ? 1 : 0);

    public abstract bool HasTie { get; }

    public abstract bool IsShiftInvariant { get; }

    public abstract double TieStart { get; }

    public static Likelihood Of(RatingModel model, VoteCounts counts) => model switch
    {
        RatingModel.BradleyTerry => new PairLikelihood<BradleyTerry>(counts),
        RatingModel.RaoKupper => new PairLikelihood<RaoKupper>(counts),
        RatingModel.Davidson => new PairLikelihood<Davidson>(counts),
        _ => new PairLikelihood<GroundedRaoKupper>(counts),
    };

    public abstract bool IsFeasible(double tie);

    /// <summary>The loss, and its derivatives, which replace what the buffers held.</summary>
    /// <param name="parameters">Where.</param>
    /// <param name="weights">Sum of weights of every slot.</param>
    /// <param name="gradient">First derivatives.</param>
    /// <param name="hessian">Second derivatives, or null if they are not needed.</param>
    public abstract double Evaluate(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> weights, Span<double> gradient, SquareMatrix? hessian);

    /// <summary>The parameters with the lowest loss + penalty / 2 · |strengths|²; strengths without a level get the mean 0.</summary>
    /// <param name="weights">Sum of weights of every slot.</param>
    /// <param name="penalty">0 for maximum likelihood.</param>
    /// <param name="start">Where to begin, or null: strengths 0, and the tie parameter where the model likes to start.</param>
    /// <exception cref="TiebreakException">It did not converge.</exception>
    public NewtonResult Minimise(double[] weights, double penalty, double[]? start = null)
    {
        if (start is null)
        {
            start = new double[Parameters];
            if (HasTie)
                start[^1] = TieStart;
        }

        var result = Newton.Minimise(
            start,
            (at, gradient, hessian) => EvaluatePenalised(at, weights, penalty, gradient, hessian),
            at => !HasTie || IsFeasible(at[^1]));
        return result.HasConverged ? result : throw new TiebreakException(
            $"The ratings did not converge in {result.Steps} Newton steps: the votes may hardly connect some models. "
            + "Give `penalty` 0.1, or leave models with few votes out.")
        {
            Code = ErrorCodes.NotConverged,
            Parameters = ["penalty"],
        };
    }

    /// <summary>
    /// Loss + penalty / 2 · |strengths|² with derivatives, which replace what the buffers held. Where nothing fixes the level of strengths,
    /// a multiple of the matrix of ones makes the Hessian regular: steps then keep the mean strength where it was.
    /// </summary>
    public double EvaluatePenalised(double[] parameters, double[] weights, double penalty, double[] gradient, SquareMatrix hessian)
    {
        var loss = Evaluate(parameters, weights, gradient, hessian);
        if (penalty == 0 && IsShiftInvariant)
            hessian.AddToBlock(Models, hessian.Trace() / hessian.Size / Models);
        for (var i = 0; penalty > 0 && i < Models; i++)
        {
            loss += penalty / 2 * parameters[i] * parameters[i];
            gradient[i] += penalty * parameters[i];
            hessian[i, i] += penalty;
        }

        return loss;
    }

    /// <summary>How many numbers of a pair <see cref="Fold"/> makes.</summary>
    public abstract int Statistics { get; }

    /// <summary>Makes of weights what <see cref="Gradient"/> needs.</summary>
    /// <param name="slots">The slots that have weight, in ascending order.</param>
    /// <param name="weights">Of eight rounds: the weights of those slots.</param>
    /// <param name="statistics">Becomes the statistics of every pair, pair after pair, one round in each lane.</param>
    public abstract void Fold(ReadOnlySpan<int> slots, double[][] weights, Span<Vector512<double>> statistics);

    /// <summary>The first derivatives alone, in eight rounds side by side.</summary>
    /// <param name="parameters">Where, in each round.</param>
    /// <param name="statistics">From <see cref="Fold"/>.</param>
    /// <param name="gradient">First derivatives, which replace what the buffer held.</param>
    public abstract void Gradient(
        ReadOnlySpan<Vector512<double>> parameters, ReadOnlySpan<Vector512<double>> statistics, Span<Vector512<double>> gradient);

    public abstract OutcomeProbabilities Probabilities(double a, double b, double tie);

    /// <summary>
    /// What a vote between two strengths is expected to tell: Fisher's information along their difference, which the Hessian grows by.
    /// </summary>
    public abstract double Information(double a, double b, double tie);

    /// <summary>The loss of one vote in a slot with its first derivatives by the two strengths and the tie parameter.</summary>
    public abstract PairDerivatives Score(ReadOnlySpan<double> parameters, int slot);

    public double Tie(ReadOnlySpan<double> parameters) => HasTie ? parameters[Models] : 0;
}
