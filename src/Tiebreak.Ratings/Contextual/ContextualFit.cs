using Tiebreak.Core;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Contextual;

/// <summary>
/// Bradley-Terry with features: logit = strength of A - strength of B + features · coefficients, so that ratings are what they would be if
/// both sides were alike in them (the Arena's style control; LMSYS, "Does style matter?", 2024). A tie is half a win for each.
/// </summary>
public sealed class ContextualFit
{
    /// <summary>
    /// The penalty on coefficients unless said otherwise: half of it times their square is added to the sum of losses, where a vote adds up
    /// to a quarter of a squared coefficient. Next to nothing: it only decides between features that say the same.
    /// </summary>
    public const double DefaultPenalty = 0.01;

    // Parts of the votes: fixed, so that sums do not depend on the number of threads.
    private const int Parts = 8;


    private readonly VoteSet _votes;
    private readonly FeatureTable _features;
    private readonly double[] _parameters;
    private readonly double _strengthPenalty;

    private ContextualFit(
        VoteSet votes, VoteCounts counts, FeatureTable features, double[] parameters, double penalty, double strengthPenalty)
    {
        (_votes, Counts, _features, _parameters) = (votes, counts, features, parameters);
        (Penalty, _strengthPenalty) = (penalty, strengthPenalty);
        Strengths = parameters[..counts.Models.Count];
    }

    /// <summary>The votes.</summary>
    public VoteCounts Counts { get; }

    /// <summary>The strength of every model beside an equal opponent of the same style.</summary>
    public IReadOnlyList<double> Strengths { get; }

    /// <summary>The penalty on coefficients.</summary>
    public double Penalty { get; }

    /// <summary>Fits strengths and coefficients.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="features">Their features.</param>
    /// <param name="penalty">Factor of half the squared coefficients, added to minus the log-likelihood.</param>
    /// <param name="strengthPenalty">The same for strengths.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    /// <exception cref="InputException">Ratings do not exist (see <see cref="Connectivity"/>).</exception>
    /// <exception cref="TiebreakException">The search did not converge.</exception>
    public static ContextualFit Of(
        VoteSet votes, FeatureTable features, double penalty = DefaultPenalty, double strengthPenalty = 0, int threads = -1)
    {
        if (!(penalty >= 0 && double.IsFinite(penalty)))
            throw new InputException($"The penalty of style coefficients is {penalty}; it must be a number from 0 on.");
        var counts = VoteCounts.Of(votes);
        if (strengthPenalty == 0)
            Connectivity.Of(counts).ThrowIfRatingsDoNotExist();

        var result = Newton.Minimise(new double[counts.Models.Count + features.Names.Count], (at, gradient, hessian) =>
        {
            var loss = Sum(votes, counts, features, at, gradient, hessian, ofScores: false, threads);
            for (var i = 0; i < at.Length; i++)
            {
                var factor = i < counts.Models.Count ? strengthPenalty : penalty;
                loss += factor / 2 * at[i] * at[i];
                gradient[i] += factor * at[i];
            }

            MakeRegular(hessian, counts.Models.Count, penalty, strengthPenalty);
            return loss;
        });
        return result.HasConverged
            ? new ContextualFit(votes, counts, features, result.Parameters, penalty, strengthPenalty)
            : throw new TiebreakException(
                $"The ratings with features did not converge in {result.Steps} Newton steps. Give `penalty` 0.1, or leave features out.")
            {
                Code = ErrorCodes.NotConverged,
                Parameters = ["penalty"],
            };
    }

    /// <summary>Coefficients with intervals.</summary>
    /// <param name="level">The confidence.</param>
    /// <param name="clusters">The cluster of each vote, or null if votes are independent.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public IReadOnlyList<Coefficient> Coefficients(double level = 0.95, int[]? clusters = null, int threads = -1)
    {
        var covariance = Covariance(clusters, threads);
        var reach = Gaussian.TwoSided(level);
        return [.. _features.Names.Select((name, k) =>
        {
            var place = Strengths.Count + k;
            var half = reach * Math.Sqrt(covariance.Of(place));
            return new Coefficient(
                name, _parameters[place], new Interval(_parameters[place] - half, _parameters[place] + half), _features.Scales[k]);
        })];
    }

    /// <summary>The share of points that A is expected to get, at a vote of given features.</summary>
    internal double Expected(int modelA, int modelB, ReadOnlySpan<double> features) => Models.Logistic.Of(
        Strengths[modelA] - Strengths[modelB] + SquareMatrix.Dot(features, _parameters.AsSpan(Strengths.Count)));

    /// <summary>The covariance of strengths and coefficients.</summary>
    internal StrengthCovariance Covariance(int[]? clusters, int threads)
    {
        var middle = new SquareMatrix(_parameters.Length);
        if (clusters is null)
            Sum(_votes, Counts, _features, _parameters, new double[middle.Size], middle, ofScores: true, threads);
        else
            AddClusters(middle, clusters);
        var bread = (Cholesky.TryFactor(Hessian(_votes, 1, threads)) ?? throw Singular(_features)).Inverse(threads);
        return new StrengthCovariance(OwnCovariance(bread, threads), bread.Times(middle, threads).Times(bread, threads));
    }

    /// <summary>As of ratings without features; see <see cref="ModelCovariance"/>.</summary>
    private SquareMatrix OwnCovariance(SquareMatrix bread, int threads)
    {
        if (_votes.Weights is not { } weights)
            return bread;
        var squares = Array.ConvertAll(weights, weight => weight * weight);
        var middle = Hessian(_votes.WithWeights(squares), squares.Sum() / weights.Sum(), threads);
        return bread.Times(middle, threads).Times(bread, threads);
    }

    private SquareMatrix Hessian(VoteSet votes, double shareOfPenalty, int threads)
    {
        var hessian = new SquareMatrix(_parameters.Length);
        Sum(votes, Counts, _features, _parameters, new double[hessian.Size], hessian, ofScores: false, threads);
        MakeRegular(hessian, Strengths.Count, shareOfPenalty * Penalty, shareOfPenalty * _strengthPenalty);
        return hessian;
    }

    // Votes know no level of strengths: the matrix of ones keeps their mean where it is.
    private static void MakeRegular(SquareMatrix hessian, int models, double penalty, double strengthPenalty)
    {
        hessian.AddToBlock(models, hessian.Trace() / hessian.Size / models);
        for (var i = 0; i < hessian.Size; i++)
            hessian[i, i] += i < models ? strengthPenalty : penalty;
    }

    private void AddClusters(SquareMatrix middle, int[] clusters)
    {
        var (n, k) = (Strengths.Count, _features.Names.Count);
        var sum = new double[n + k];
        var touched = new HashSet<int>(Enumerable.Range(n, k));
        var rows = ClusterRows.Of(clusters);
        for (var cluster = 0; cluster < rows.Count; cluster++)
        {
            foreach (var row in rows[cluster])
            {
                var (a, b, values) = (_votes.ModelA[row], _votes.ModelB[row], _features.Values.AsMemory(row * k, k));
                var slope = (_votes.Weights?[row] ?? 1) * (Expected(a, b, values.Span) - _votes.Score(row));
                sum[a] += slope;
                sum[b] -= slope;
                SquareMatrix.AddScaled(sum.AsSpan(n), values.Span, slope);
                touched.Add(a);
                touched.Add(b);
            }

            foreach (var i in touched)
                SquareMatrix.AddScaled(middle.Row(i), sum, sum[i]);
            Array.Clear(sum);
            touched.RemoveWhere(i => i < n);
        }
    }

    /// <summary>The loss; adds its derivatives, or with <paramref name="ofScores"/> the products of votes' scores.</summary>
    private static double Sum(
        VoteSet votes, VoteCounts counts, FeatureTable features, double[] x, double[] gradient, SquareMatrix matrix, bool ofScores,
        int threads)
    {
        var passes = new ContextualPass[Parts];
        Parallel.For(0, Parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            passes[part] = new ContextualPass(counts, features.Names.Count);
            passes[part].Add(
                votes, features, x, (int)((long)votes.Count * part / Parts), (int)((long)votes.Count * (part + 1) / Parts), ofScores);
        });
        var loss = 0.0;
        foreach (var pass in passes)
        {
            loss += pass.Loss;
            SquareMatrix.AddScaled(gradient, pass.Gradient, 1);
            pass.AddTo(matrix);
        }

        return loss;
    }

    private static TiebreakException Singular(FeatureTable features) => new(
        $"The features {string.Join(", ", features.Names)} cannot be told apart from each other or from the models. " +
        "Leave one out, or give a larger `style-penalty`.")
    {
        Code = ErrorCodes.RatingsUndefined,
        Parameters = ["style-penalty"],
    };
}

/// <summary>How much a feature moves votes.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Value">Log odds for side A per typical difference (one root mean square) in its favour.</param>
/// <param name="Interval">The interval of it.</param>
/// <param name="Scale">The typical difference, in the feature's own unit.</param>
public sealed record Coefficient(string Feature, double Value, Interval Interval, double Scale);
