using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Contextual;

/// <summary>
/// Sums over a part of the votes. Second-order sums are kept by pair and by model and feature, and put together at the end.
/// </summary>
internal sealed class ContextualPass(VoteCounts counts, int features)
{
    private readonly double[] _pairs = new double[counts.Pairs];
    private readonly double[] _cross = new double[counts.Models.Count * features];
    private readonly double[] _square = new double[features * features];

    public double Loss { get; private set; }

    public double[] Gradient { get; } = new double[counts.Models.Count + features];

    /// <summary>Adds votes.</summary>
    /// <param name="votes">All votes.</param>
    /// <param name="table">Their features.</param>
    /// <param name="x">Strengths, then coefficients.</param>
    /// <param name="from">The first vote.</param>
    /// <param name="to">The one behind the last.</param>
    /// <param name="ofScores">True to sum products of scores instead of second derivatives.</param>
    public void Add(VoteSet votes, FeatureTable table, double[] x, int from, int to, bool ofScores)
    {
        var models = counts.Models.Count;
        var coefficients = x.AsSpan(models);
        for (var row = from; row < to; row++)
        {
            var (a, b) = (votes.ModelA[row], votes.ModelB[row]);
            var values = table.Values.AsSpan(row * features, features);
            var d = x[a] - x[b];
            for (var k = 0; k < values.Length; k++)
                d += values[k] * coefficients[k];
            var (p, score, weight) = (Logistic.Of(d), votes.Score(row), votes.Weights?[row] ?? 1);
            var slope = weight * (p - score);
            Loss += weight * (Logistic.SoftPlus(d, p) - (score * d));
            AddSecond(a, b, values, ofScores ? slope * slope : weight * p * (1 - p));
            Gradient[a] += slope;
            Gradient[b] -= slope;
            for (var k = 0; k < values.Length; k++)
                Gradient[models + k] += slope * values[k];
        }
    }

    /// <summary>Adds the second-order sums to a matrix over strengths and coefficients.</summary>
    public void AddTo(SquareMatrix matrix)
    {
        var models = counts.Models.Count;
        for (var pair = 0; pair < _pairs.Length; pair++)
        {
            var (i, j) = (counts.First[pair], counts.Second[pair]);
            matrix[i, i] += _pairs[pair];
            matrix[j, j] += _pairs[pair];
            matrix[i, j] -= _pairs[pair];
            matrix[j, i] -= _pairs[pair];
        }

        for (var k = 0; k < features; k++)
        {
            for (var i = 0; i < models; i++)
            {
                matrix[i, models + k] += _cross[(i * features) + k];
                matrix[models + k, i] += _cross[(i * features) + k];
            }

            for (var l = 0; l < features; l++)
                matrix[models + k, models + l] += _square[(Math.Max(k, l) * features) + Math.Min(k, l)];
        }
    }

    private void AddSecond(int a, int b, ReadOnlySpan<double> values, double curve)
    {
        _pairs[counts.PairOf(a, b)] += curve;
        for (var k = 0; k < values.Length; k++)
        {
            var product = curve * values[k];
            _cross[(a * features) + k] += product;
            _cross[(b * features) + k] -= product;
            for (var l = 0; l <= k; l++)
                _square[(k * features) + l] += product * values[l];
        }
    }
}
