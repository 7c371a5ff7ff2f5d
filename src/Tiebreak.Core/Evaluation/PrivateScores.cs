using Tiebreak.Core.Metrics;
using Tiebreak.Core.Numerics;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Evaluation;

/// <summary>
/// What several judges will score on battles that nobody can look at yet, such as the private test set of a competition, told from their
/// losses on labelled battles of the same kind. Their mean losses there differ from those on the labelled battles for two reasons, both
/// normal by the central limit theorem: the labelled battles are a sample (covariance V of the means, from the sums of whole prompts), and
/// so are the private ones (V * labelled / private). Judges that err on the same battles have correlated scores, so that their difference
/// is known better than either.
/// </summary>
internal sealed class PrivateScores
{
    private const int Draws = 20_000;

    private readonly SquareMatrix _covariance;
    private readonly int _prompts;

    private PrivateScores(double[] expected, SquareMatrix covariance, int prompts) =>
        (Expected, _covariance, _prompts) = (expected, covariance, prompts);

    /// <summary>Each judge's expected score: its mean loss on the labelled battles.</summary>
    public IReadOnlyList<double> Expected { get; }

    /// <summary>Works out the distribution.</summary>
    /// <param name="losses">For each judge one loss per labelled battle.</param>
    /// <param name="groups">The prompt of each battle, numbered from 0 without gaps; two prompts at least.</param>
    /// <param name="rows">Battles of the private test set, at least 1.</param>
    public static PrivateScores Of(IReadOnlyList<double[]> losses, IReadOnlyList<int> groups, int rows)
    {
        var prompts = groups.Max() + 1;
        ArgumentOutOfRangeException.ThrowIfLessThan(prompts, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        double[] means = [.. losses.Select(ofJudge => ofJudge.Average())];
        var sums = new double[losses.Count][]; // of the deviations of each prompt
        for (var judge = 0; judge < sums.Length; judge++)
        {
            sums[judge] = new double[prompts];
            for (var i = 0; i < groups.Count; i++)
                sums[judge][groups[i]] += losses[judge][i] - means[judge];
        }

        var (labelled, covariance) = ((double)groups.Count, new SquareMatrix(losses.Count));
        var factor = prompts / (prompts - 1.0) / (labelled * labelled) * (1 + (labelled / rows));
        for (var i = 0; i < sums.Length; i++)
        {
            for (var j = 0; j < sums.Length; j++)
                covariance[i, j] = factor * SquareMatrix.Dot(sums[i], sums[j]);
        }

        return new PrivateScores(means, covariance, prompts);
    }

    /// <summary>Correlation of the scores of two judges.</summary>
    public double Correlation(int one, int other) =>
        _covariance[one, other] / Math.Sqrt(_covariance[one, one] * _covariance[other, other]);

    /// <summary>95 % interval of a judge's score less another's, by Student's t.</summary>
    public Interval Difference(int one, int other)
    {
        var (difference, margin) =
            (Expected[one] - Expected[other], StudentT.Quantile(0.95, _prompts - 1) * Deviation(one, other));
        return new Interval(difference - margin, difference + margin);
    }

    /// <summary>The chance that a judge's score is below another's, by Student's t; one half for judges that say the same.</summary>
    public double ChanceOfLower(int one, int other)
    {
        var (lead, deviation) = (Expected[other] - Expected[one], Deviation(one, other));
        if (deviation == 0)
            return lead == 0 ? 0.5 : lead > 0 ? 1 : 0;
        var within = StudentT.Within(Math.Abs(lead) / deviation, _prompts - 1) / 2;
        return lead > 0 ? 0.5 + within : 0.5 - within;
    }

    /// <summary>Draws the scores of all judges together, and looks who is best.</summary>
    /// <param name="seed">Same seed, same draws, on any number of threads.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public PrivateContest Contest(ulong seed, int threads)
    {
        var draws = NormalDraws.Of(Expected, _covariance, Draws, seed, threads);
        double[] lowest = [.. draws.Select(scores => scores.Min())];
        var pairs = new List<PairOfJudges>();
        for (var one = 0; one < Expected.Count; one++)
        {
            for (var other = one + 1; other < Expected.Count; other++)
            {
                var (sum, best) = (0.0, 0);
                for (var draw = 0; draw < Draws; draw++)
                {
                    var score = Math.Min(draws[draw][one], draws[draw][other]);
                    sum += score;
                    best += score == lowest[draw] ? 1 : 0;
                }

                pairs.Add(new PairOfJudges(one, other, sum / Draws, (double)best / Draws));
            }
        }

        return new PrivateContest(
            [.. Expected.Select((_, judge) => draws.Zip(lowest).Count(draw => draw.First[judge] == draw.Second) / (double)Draws)],
            [.. pairs.OrderBy(pair => pair.ExpectedBest).ThenByDescending(pair => pair.ChanceOfBest)]);
    }

    private double Deviation(int one, int other) =>
        Math.Sqrt(Math.Max(0, _covariance[one, one] + _covariance[other, other] - (2 * _covariance[one, other])));
}

/// <summary>Who is best on the private test set.</summary>
/// <param name="ChanceOfBest">For each judge the chance that its score is the lowest of all.</param>
/// <param name="Pairs">All pairs of judges, that with the lowest expected score of its better half first.</param>
internal sealed record PrivateContest(IReadOnlyList<double> ChanceOfBest, IReadOnlyList<PairOfJudges> Pairs);

/// <summary>Two judges that are handed in together; the better score counts.</summary>
/// <param name="One">A judge.</param>
/// <param name="Other">Another.</param>
/// <param name="ExpectedBest">The expected lower one of their two scores.</param>
/// <param name="ChanceOfBest">The chance that one of them has the lowest score of all judges.</param>
internal sealed record PairOfJudges(int One, int Other, double ExpectedBest, double ChanceOfBest);
