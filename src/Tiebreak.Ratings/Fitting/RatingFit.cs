using Tiebreak.Core;
using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Fitting;

/// <summary>Strengths of models that were fitted to votes.</summary>
public sealed class RatingFit
{
    private readonly NewtonResult _result;

    private RatingFit(RatingModel model, Likelihood likelihood, NewtonResult result, double penalty)
    {
        (Model, Likelihood, _result, Penalty) = (model, likelihood, result, penalty);
        Strengths = result.Parameters[..likelihood.Models];
    }

    /// <summary>The rating model.</summary>
    public RatingModel Model { get; }

    /// <summary>The votes.</summary>
    public VoteCounts Counts => Likelihood.Counts;

    /// <summary>
    /// The strength of every model in natural logarithms of odds. Their mean is 0, except for the grounded model, where 0 is the ground.
    /// </summary>
    public IReadOnlyList<double> Strengths { get; }

    /// <summary>η of Rao-Kupper models (grounded: θ = 1 + e^η), ν of Davidson's; null for Bradley-Terry.</summary>
    public double? TieParameter => !Likelihood.HasTie ? null : Model == RatingModel.Davidson ? Math.Exp(Parameters[^1]) : Parameters[^1];

    /// <summary>The logarithm of the likelihood of the votes, in nats.</summary>
    public double LogLikelihood
    {
        get
        {
            var strengths = _result.Parameters.AsSpan(0, Likelihood.Models);
            return (Penalty / 2 * SquareMatrix.Dot(strengths, strengths)) - _result.Loss;
        }
    }

    /// <summary>The factor of half the squared strengths that was added to minus the log-likelihood.</summary>
    public double Penalty { get; }

    /// <summary>Newton steps that were taken.</summary>
    public int Steps => _result.Steps;

    internal Likelihood Likelihood { get; }

    internal double[] Parameters => _result.Parameters;

    /// <summary>Fits a model to votes by maximum likelihood, or with a penalty.</summary>
    /// <param name="counts">The votes.</param>
    /// <param name="model">The rating model.</param>
    /// <param name="penalty">Factor of half the squared strengths; 0 for maximum likelihood.</param>
    /// <exception cref="InputException">
    /// The votes do not determine the ratings: see <see cref="Connectivity"/>; or there are no ties for a model of ties.
    /// </exception>
    /// <exception cref="TiebreakException">The search did not converge.</exception>
    public static RatingFit Of(VoteCounts counts, RatingModel model = RatingModel.BradleyTerry, double penalty = 0)
    {
        if (!(penalty >= 0 && double.IsFinite(penalty)))
            throw new InputException($"The penalty is {penalty}; it must be a number from 0 on.");
        if (penalty == 0)
            Connectivity.Of(counts).ThrowIfRatingsDoNotExist();
        ThrowIfOutcomesAreMissing(counts, model);

        var likelihood = Likelihood.Of(model, counts);
        return new RatingFit(model, likelihood, likelihood.Minimise(counts.Weights, penalty), penalty);
    }

    /// <summary>What to expect of a vote between two models, by their places in the votes.</summary>
    /// <remarks>
    /// Bradley-Terry knows no ties: every pair gets the share of ties among all votes, and the rest is divided by the model.
    /// </remarks>
    public OutcomeProbabilities Predict(int modelA, int modelB)
    {
        var p = Likelihood.Probabilities(Strengths[modelA], Strengths[modelB], Likelihood.Tie(Parameters));
        if (Model != RatingModel.BradleyTerry)
            return p;
        var ties = TieShare;
        return new OutcomeProbabilities(p.A * (1 - ties), p.B * (1 - ties), ties, 0);
    }

    /// <summary>See <see cref="Likelihood.Information"/>; of two models by their places in the votes.</summary>
    internal double Information(int one, int other) =>
        Likelihood.Information(Strengths[one], Strengths[other], Likelihood.Tie(Parameters));

    /// <summary>
    /// Fits Bradley-Terry to weights that need not be counts of votes: slots may be negative as long as pairs are not, and where no ratings
    /// exist the search does not converge.
    /// </summary>
    internal static RatingFit OfBradleyTerry(VoteCounts counts, double penalty)
    {
        var likelihood = Likelihood.Of(RatingModel.BradleyTerry, counts);
        return new RatingFit(RatingModel.BradleyTerry, likelihood, likelihood.Minimise(counts.Weights, penalty), penalty);
    }

    private double TieShare
    {
        get
        {
            var ties = 0.0;
            for (var slot = 2; slot < Counts.Weights.Length; slot += VoteCounts.Outcomes)
                ties += Counts.Weights[slot] + Counts.Weights[slot + 1];
            return ties / Counts.TotalWeight;
        }
    }

    private static void ThrowIfOutcomesAreMissing(VoteCounts counts, RatingModel model)
    {
        var sums = new double[VoteCounts.Outcomes];
        for (var slot = 0; slot < counts.Weights.Length; slot++)
            sums[slot % VoteCounts.Outcomes] += counts.Weights[slot];
        if (sums[0] + sums[1] == 0 && model != RatingModel.BradleyTerry)
            throw new InputException("All votes are ties, so that no model is better than another and a model of ties has nothing to fit.");
        if (model == RatingModel.GroundedRaoKupper && (sums[2] == 0 || sums[3] == 0))
        {
            throw Missing(
                $"No vote says {(sums[3] == 0 ? "\"both bad\"" : "\"tie\"")}, which the grounded model needs. Use `model` rao-kupper.");
        }

        if (model is RatingModel.RaoKupper or RatingModel.Davidson && sums[2] + sums[3] == 0)
            throw Missing("No vote is a tie, so that a model of ties has nothing to fit. Use `model` bt.");

        static InputException Missing(string message) => new(message) { Code = ErrorCodes.RatingsUndefined, Parameters = ["model"] };
    }
}
