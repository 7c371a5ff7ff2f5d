using Tiebreak.Core.Metrics;
using Tiebreak.Core.Numerics;
using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Slices;
using Tiebreak.Ratings.Uncertainty;

namespace Tiebreak.Ratings.Judged;

/// <summary>A judge beside people, on the battles that both judged: does it rank models alike, and which does it favour.</summary>
public sealed class JudgeCheck
{
    private const double Level = 0.95;

    // Keeps both leaderboards finite where somebody won or lost everything.
    private const double Penalty = 0.1;

    private JudgeCheck(int battles, RankAgreement spearman, RankAgreement kendall, IReadOnlyList<ModelBias> biases) =>
        (Battles, Spearman, Kendall, Biases) = (battles, spearman, kendall, biases);

    /// <summary>The battles that were voted on and judged.</summary>
    public int Battles { get; }

    /// <summary>Spearman's rank correlation.</summary>
    public RankAgreement Spearman { get; }

    /// <summary>Kendall's tau-b.</summary>
    public RankAgreement Kendall { get; }

    /// <summary>The models, those that the judge favours most first.</summary>
    public IReadOnlyList<ModelBias> Biases { get; }

    /// <summary>Compares; null if fewer than three models have battles that were voted on and judged.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="clusters">The cluster of each battle, or null if they are independent.</param>
    /// <param name="draws">Draws for the intervals of rank correlations.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static JudgeCheck? Of(JudgedBattles battles, int[]? clusters, int draws, ulong seed, int threads = -1)
    {
        var rows = battles.Rows(voted: true, judged: true);
        var used = rows.SelectMany(row => new[] { battles.ModelA[row], battles.ModelB[row] }).Distinct().Order().ToArray();
        if (used.Length < 3)
            return null;

        var both = battles.At(rows);
        var own = clusters is null
            ? Enumerable.Range(0, rows.Length).ToArray()
            : Votes.Clusters.Renumber([.. rows.Select(row => clusters[row])]);
        var (spearman, kendall) = Agreements(both, used, own, draws, seed, threads);
        return new JudgeCheck(rows.Length, spearman, kendall, Bias(both, used, own));
    }

    private static (RankAgreement Spearman, RankAgreement Kendall) Agreements(
        JudgedBattles battles, int[] used, int[] clusters, int draws, ulong seed, int threads)
    {
        var people = ScoreFit.Of(battles, [.. Enumerable.Range(0, battles.Count).Select(battles.Voted)], Penalty, threads);
        var judge = ScoreFit.Of(battles, battles.Judge, Penalty, threads);
        double[] strengths = [.. people.Fit.Strengths, .. judge.Fit.Strengths];
        var drawn = NormalDraws.Of(strengths, Joint(battles, people, judge, clusters, threads), draws, seed, threads);
        return (Agreement(RankCorrelation.Spearman), Agreement(RankCorrelation.Kendall));

        RankAgreement Agreement(Func<double[], double[], double> correlate)
        {
            var value = Of(strengths);
            return new RankAgreement(value, BiasCorrected(value, Array.ConvertAll(drawn, Of)));

            double Of(double[] both) =>
                correlate(Array.ConvertAll(used, i => both[i]), Array.ConvertAll(used, i => both[battles.Models.Count + i]));
        }
    }

    /// <summary>
    /// The covariance of people's strengths and the judge's together: they depend on each other, being about the same battles.
    /// </summary>
    private static SquareMatrix Joint(JudgedBattles battles, ScoreFit people, ScoreFit judge, int[] clusters, int threads)
    {
        var n = battles.Models.Count;
        var moments = ScoreMoments.Of(battles, people.Residuals, judge.Residuals, clusters);
        var ofPeople = people.InverseHessian.Times(moments.One, threads).Times(people.InverseHessian, threads);
        var ofBoth = people.InverseHessian.Times(moments.Both, threads).Times(judge.InverseHessian, threads);
        var ofJudge = judge.InverseHessian.Times(moments.Other, threads).Times(judge.InverseHessian, threads);
        var joint = new SquareMatrix(2 * n);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                joint[i, j] = moments.Factor * ofPeople[i, j];
                joint[n + i, n + j] = moments.Factor * ofJudge[i, j];
                joint[i, n + j] = joint[n + j, i] = moments.Factor * ofBoth[i, j];
            }
        }

        return joint;
    }

    private static Interval BiasCorrected(double value, double[] draws)
    {
        Array.Sort(draws);
        var below = draws.Count(draw => draw < value) + (draws.Count(draw => draw == value) / 2.0);
        var shift = MathNet.Numerics.Distributions.Normal.InvCDF(
            0, 1, Math.Clamp(below / draws.Length, 1.0 / draws.Length, 1 - (1.0 / draws.Length)));
        var reach = Gaussian.TwoSided(Level);
        return new Interval(At((2 * shift) - reach), At((2 * shift) + reach));

        double At(double deviation) => Quantile.Of(draws, MathNet.Numerics.Distributions.Normal.CDF(0, 1, deviation));
    }

    private static ModelBias[] Bias(JudgedBattles battles, int[] used, int[] clusters)
    {
        var rows = used.ToDictionary(model => model, _ => new List<(int Row, bool IsA)>());
        for (var row = 0; row < battles.Count; row++)
        {
            rows[battles.ModelA[row]].Add((row, true));
            rows[battles.ModelB[row]].Add((row, false));
        }

        var single = used.Select(model => Bias(battles, model, rows[model], clusters)).ToList();
        var p = Holm.Adjust([.. single.Select(bias => bias.PValue)]);
        return [.. single.Select((bias, i) => bias with { PValue = p[i] })
            .OrderByDescending(bias => bias.Bias).ThenBy(bias => bias.Model, StringComparer.Ordinal)];
    }

    private static ModelBias Bias(JudgedBattles battles, int model, List<(int Row, bool IsA)> rows, int[] clusters)
    {
        double Score(double ofA, bool isA) => isA ? ofA : 1 - ofA;
        var people = rows.Average(place => Score(battles.Voted(place.Row), place.IsA));
        var judge = rows.Average(place => Score(battles.Judge[place.Row], place.IsA));
        var sums = rows.GroupBy(place => clusters[place.Row])
            .Select(cluster => cluster.Sum(place =>
                Score(battles.Judge[place.Row], place.IsA) - Score(battles.Voted(place.Row), place.IsA) - (judge - people))).ToList();
        if (sums.Count < 2)
            return new ModelBias(battles.Models[model], rows.Count, people, judge, new Interval(-1, 1), 1);

        var error = Math.Sqrt(sums.Sum(sum => sum * sum) * sums.Count / (sums.Count - 1)) / rows.Count;
        var reach = StudentT.Quantile(Level, sums.Count - 1) * error;
        var p = error > 0 ? 1 - StudentT.Within(Math.Abs(judge - people) / error, sums.Count - 1) : judge == people ? 1 : 0;
        return new ModelBias(
            battles.Models[model], rows.Count, people, judge, new Interval(judge - people - reach, judge - people + reach), p);
    }
}

/// <summary>A rank correlation of the judge's leaderboard with people's.</summary>
/// <param name="Value">From -1 to 1.</param>
/// <param name="Interval">
/// Its 95 % interval: bias-corrected percentiles (Efron 1987), because noise in either leaderboard pulls the correlation down.
/// </param>
public sealed record RankAgreement(double Value, Interval Interval);
