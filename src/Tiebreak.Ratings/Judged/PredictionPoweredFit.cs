using MathNet.Numerics;
using Tiebreak.Core;
using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Judged;

/// <summary>
/// Bradley-Terry ratings from people's votes, sharpened by a judge's preferences on battles that nobody voted on: prediction-powered
/// inference (Angelopoulos, Bates, Fannjiang, Jordan and Zrnic 2023, "Prediction-powered inference", arXiv 2301.09633) with its power
/// tuning (Angelopoulos, Duchi and Zrnic 2023, "PPI++", arXiv 2311.01453), pair by pair (as stratified by Fisch et al. 2024, arXiv
/// 2406.04291).
/// <para>
/// Within each pair of models the votes' mean score gets the judge's mean score on unvoted battles less that on voted ones added, times λ:
/// what the judge gets wrong on average cancels, so that the ratings estimate what votes alone would, whatever the judge is worth. λ
/// minimises the sum of the ratings' variances: 0 for a judge that knows nothing. Intervals are valid if a pair's voted battles are a
/// random part of all its battles, of which <see cref="ShiftPValue"/> is a test.
/// </para>
/// </summary>
public sealed class PredictionPoweredFit
{
    private const double CentrePenalty = 0.01;

    private readonly JudgedBattles _battles;
    private readonly Correction[] _corrections;

    private PredictionPoweredFit(JudgedBattles battles, RatingFit votes, int[]? clusters, double penalty, int threads)
    {
        (_battles, VotesAlone) = (battles, votes);
        _corrections = Corrections();
        var corrections = CorrectionScores(threads);
        var bread = Sandwich.InverseHessian(votes, threads);
        var atVotes = ScoreMoments.Of(battles, VoteScores(votes), corrections, clusters);
        Lambda = BestLambda(atVotes, bread, threads);
        ShiftPValue = ShiftTest(atVotes);

        Fit = Lambda == 0 ? votes : RatingFit.OfBradleyTerry(votes.Counts.With(CorrectedWeights()), penalty);
        var inverse = Sandwich.InverseHessian(Fit, threads);
        var scores = VoteScores(Fit);
        Scatter = RelativeScatter(scores, corrections);
        var middle = ScoreMoments.Of(battles, scores, corrections, clusters).Combined(Lambda);
        Covariance = new StrengthCovariance(
            ModelCovariance.Of(Fit, threads).Scaled(Scatter),
            inverse.Times(middle, threads).Times(inverse, threads));
    }

    /// <summary>The combined ratings.</summary>
    public RatingFit Fit { get; }

    /// <summary>The ratings by votes alone.</summary>
    public RatingFit VotesAlone { get; }

    /// <summary>How much the judge counts, from 0 to 1.</summary>
    public double Lambda { get; }

    /// <summary>Unvoted battles that count: both models met in a battle that was voted on and judged.</summary>
    public int UnvotedUsed => _corrections.Sum(pair => pair.Share > 0 ? pair.Unvoted.Count : 0);

    /// <summary>Voted battles that the judge was asked about, of pairs with unvoted ones.</summary>
    internal int VotedUsed => _corrections.Sum(pair => pair.Share > 0 ? pair.Voted.Count : 0);

    /// <summary>
    /// How much the scores scatter with the judge beside how much they do without, squared: 1 for a judge that does not help. One vote is
    /// worth 1 / Scatter votes.
    /// </summary>
    internal double Scatter { get; }

    /// <summary>
    /// What <see cref="Scatter"/> would be if the judge were asked about unvoted battles without end. With a part r of the battles unvoted
    /// it is 1 - r ρ², where ρ is the correlation of judge and votes (PPI++, arXiv 2311.01453).
    /// </summary>
    internal double LeastScatter =>
        Scatter >= 1 ? 1 : Math.Max(0.01, 1 - ((1 - Scatter) * (UnvotedUsed + VotedUsed) / UnvotedUsed));

    /// <summary>
    /// The probability that the judge's preferences on voted and unvoted battles of the same pairs differ so much by chance, if the voted
    /// ones are a random part (Wald's test); NaN if there is nothing to test.
    /// </summary>
    public double ShiftPValue { get; }

    internal StrengthCovariance Covariance { get; }

    /// <summary>Fits.</summary>
    /// <param name="battles">The battles; unvoted ones whose models have no votes do not count.</param>
    /// <param name="clusters">The cluster of each battle, voted or not, if battles about one prompt depend on each other.</param>
    /// <param name="penalty">Factor of half the squared strengths; 0 for none.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    /// <exception cref="InputException">There are no votes, or ratings do not exist by votes alone.</exception>
    public static PredictionPoweredFit Of(
        JudgedBattles battles, int[]? clusters = null, double penalty = 0, int threads = -1)
    {
        var voted = battles.Rows(voted: true, judged: null);
        if (voted.Length == 0)
            throw new InputException("Nobody voted on any of the battles, so that a judge cannot be combined with votes.");
        var models = voted.SelectMany(row => new[] { battles.ModelA[row], battles.ModelB[row] }).ToHashSet();
        if (models.Count < battles.Models.Count)
        {
            var unknown = battles.Models[Enumerable.Range(0, battles.Models.Count).First(model => !models.Contains(model))];
            throw new InputException(
                $"No vote is about {unknown}, so that the judge's view of it cannot be checked. " +
                "Leave it out with `exclude`, or rank by the judge alone.")
            {
                Code = ErrorCodes.RatingsUndefined,
                Parameters = ["exclude"],
            };
        }

        var votes = RatingFit.Of(VoteCounts.Of(battles.Votes()), RatingModel.BradleyTerry, penalty);
        return new PredictionPoweredFit(battles, votes, clusters, penalty, threads);
    }

    private Correction[] Corrections()
    {
        var counts = VotesAlone.Counts;
        var corrections = Enumerable.Range(0, counts.Pairs).Select(_ => new Correction()).ToArray();
        for (var row = 0; row < _battles.Count; row++)
        {
            if (PairOf(row) is not (>= 0 and var pair) || double.IsNaN(_battles.Judge[row]))
                continue;
            var part = _battles.Verdicts[row] is null ? corrections[pair].Unvoted : corrections[pair].Voted;
            part.Add(_battles.ModelA[row] < _battles.ModelB[row] ? _battles.Judge[row] : 1 - _battles.Judge[row]);
        }

        return corrections;
    }

    /// <summary>
    /// Of every battle: what the judge's score adds to the score equations where λ is 1, for side A. It sums to 0 in expectation.
    /// </summary>
    private double[] CorrectionScores(int threads)
    {
        // Centred at the judge's own Bradley-Terry fit: any centre cancels in the sum, and a good one leaves little variance to estimate.
        var judged = _battles.At([.. _battles.Rows(voted: null, judged: true).Where(row => PairOf(row) >= 0)]);
        var centre = judged.Count == 0 ? VotesAlone : ScoreFit.Of(judged, judged.Judge, CentrePenalty, threads).Fit;
        var scores = new double[_battles.Count];
        for (var row = 0; row < scores.Length; row++)
        {
            if (PairOf(row) is not (>= 0 and var pair) || double.IsNaN(_battles.Judge[row]))
                continue;
            var correction = _corrections[pair];
            var deviation = correction.Share * (_battles.Judge[row] - ScoreFit.Expected(centre, _battles, row));
            scores[row] = _battles.Verdicts[row] is not null ? deviation
                : correction.Share == 0 ? 0
                : -deviation * correction.Voted.Count / correction.Unvoted.Count;
        }

        return scores;
    }

    /// <summary>Expected score less vote of every battle; 0 where nobody voted.</summary>
    private double[] VoteScores(RatingFit fit) =>
        [.. Enumerable.Range(0, _battles.Count)
            .Select(row => _battles.Verdicts[row] is null ? 0 : ScoreFit.Expected(fit, _battles, row) - _battles.Voted(row))];

    /// <summary>
    /// How much the scores scatter with the judge beside how much they do without, at most 1: the model's own covariance, which is that of
    /// votes alone, is narrowed by as much.
    /// </summary>
    private double RelativeScatter(double[] scores, double[] corrections)
    {
        var (together, alone) = (0.0, 0.0);
        for (var row = 0; row < scores.Length; row++)
        {
            var combined = scores[row] + (Lambda * corrections[row]);
            together += combined * combined;
            alone += scores[row] * scores[row];
        }

        return alone > 0 ? Math.Min(1, together / alone) : 1;
    }

    // The sum of variances is a parabola in λ.
    private static double BestLambda(ScoreMoments moments, SquareMatrix bread, int threads)
    {
        var weight = bread.Times(bread, threads).Values;
        var (linear, square) = (SquareMatrix.Dot(weight, moments.Both.Values), SquareMatrix.Dot(weight, moments.Other.Values));
        return square > 0 ? Math.Clamp(-linear / square, 0, 1) : 0;
    }

    private double[] CorrectedWeights()
    {
        var counts = VotesAlone.Counts;
        var weights = counts.Weights.ToArray();
        for (var pair = 0; pair < counts.Pairs; pair++)
        {
            var (voted, unvoted, share) = (_corrections[pair].Voted, _corrections[pair].Unvoted, _corrections[pair].Share);
            if (share == 0)
                continue;
            var moved = Lambda * share * voted.Count * (unvoted.Value - voted.Value);
            weights[VoteCounts.Outcomes * pair] += moved;
            weights[(VoteCounts.Outcomes * pair) + 1] -= moved;
        }

        return weights;
    }

    private double ShiftTest(ScoreMoments moments)
    {
        var n = _battles.Models.Count;
        var difference = new double[n];
        for (var pair = 0; pair < _corrections.Length; pair++)
        {
            var (voted, unvoted, share) = (_corrections[pair].Voted, _corrections[pair].Unvoted, _corrections[pair].Share);
            var shift = share == 0 ? 0 : share * voted.Count * (voted.Value - unvoted.Value);
            difference[VotesAlone.Counts.First[pair]] += shift;
            difference[VotesAlone.Counts.Second[pair]] -= shift;
        }

        // Scores of a battle sum to 0: the last model's follows from the others'.
        int[] models = [.. Enumerable.Range(0, n).Where(model => moments.Other[model, model] > 0).SkipLast(1)];
        var (covariance, solved) = (new SquareMatrix(models.Length), Array.ConvertAll(models, model => difference[model]));
        for (var i = 0; i < models.Length; i++)
        {
            for (var j = 0; j < models.Length; j++)
                covariance[i, j] = moments.Factor * moments.Other[models[i], models[j]];
        }

        if (models.Length == 0 || Cholesky.TryFactor(covariance) is not { } factor)
            return double.NaN;
        factor.Solve(solved.AsSpan());
        return SpecialFunctions.GammaUpperRegularized(
            models.Length / 2.0, models.Select((model, i) => difference[model] * solved[i]).Sum() / 2);
    }

    private int PairOf(int row) => VotesAlone.Counts.PairOf(_battles.ModelA[row], _battles.ModelB[row]);

    /// <summary>The judge on one pair.</summary>
    private sealed class Correction
    {
        public Mean Voted { get; } = new();

        public Mean Unvoted { get; } = new();

        /// <summary>
        /// The unvoted part of the judged battles, which is what the best λ of a pair is proportional to; 0 where the judge cannot be
        /// compared.
        /// </summary>
        public double Share => Voted.Count == 0 ? 0 : (double)Unvoted.Count / (Voted.Count + Unvoted.Count);
    }

    private sealed class Mean
    {
        private double _sum;

        public int Count { get; private set; }

        public double Value => _sum / Count;

        public void Add(double score)
        {
            _sum += score;
            Count++;
        }
    }
}
