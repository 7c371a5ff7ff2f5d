using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Numerics;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Fitting;

/// <summary>Minus the log-likelihood of counted votes. Parameters: the strength of every model, then the tie parameter if the model has one.</summary>
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
    public abstract double Evaluate(ReadOnlySpan<double> parameters, ReadOnlySpan<double> weights, Span<double> gradient, SquareMatrix? hessian);

    /// <summary>The first derivatives alone.</summary>
    public abstract void Gradient(ReadOnlySpan<double> parameters, ReadOnlySpan<double> weights, Span<double> gradient);

    public abstract OutcomeProbabilities Probabilities(double a, double b, double tie);

    /// <summary>The loss of one vote in a slot with its first derivatives by the two strengths and the tie parameter.</summary>
    public abstract PairDerivatives Score(ReadOnlySpan<double> parameters, int slot);

    public double Tie(ReadOnlySpan<double> parameters) => HasTie ? parameters[Models] : 0;
}
