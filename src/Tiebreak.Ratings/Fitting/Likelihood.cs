using System.Runtime.Intrinsics;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Numerics;
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

    /// <summary>The loss of one vote in a slot with its first derivatives by the two strengths and the tie parameter.</summary>
    public abstract PairDerivatives Score(ReadOnlySpan<double> parameters, int slot);

    public double Tie(ReadOnlySpan<double> parameters) => HasTie ? parameters[Models] : 0;
}
