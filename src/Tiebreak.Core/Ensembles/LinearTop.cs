using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Numerics;

namespace Tiebreak.Core.Ensembles;

/// <summary>
/// What members say, made one preference by two linear scores: how far A is ahead of B, from how far it is for each member, and how far a
/// tie is ahead of both. With the log probabilities a, b and t of a member these are (a - b) / 2 and t - (a + b) / 2. A swap of A and B
/// swaps the result.
/// </summary>
internal sealed record LinearTop
{
    /// <summary>For each member the factor of how far A is ahead.</summary>
    public required IReadOnlyList<double> Ahead { get; init; }

    /// <summary>For each member the factor of how far a tie is ahead.</summary>
    public required IReadOnlyList<double> Tie { get; init; }

    /// <summary>Added to the score of a tie.</summary>
    public required double TieBias { get; init; }

    /// <summary>False for numbers that no fit gives, as in a damaged file.</summary>
    [JsonIgnore]
    public bool IsPossible => Ahead.Count > 0 && Ahead.Count == Tie.Count && Ahead.Concat(Tie).Append(TieBias).All(double.IsFinite);

    /// <summary>Fits the factors.</summary>
    /// <param name="options">The loss, and how firmly factors are drawn to equal ones.</param>
    /// <param name="said">What the members say, battle by battle.</param>
    /// <param name="targets">What people said.</param>
    /// <param name="weights">How much each battle counts.</param>
    public static LinearTop Fit(
        LinearTopOptions options, IReadOnlyList<Preference[]> said, IReadOnlyList<Preference> targets, IReadOnlyList<double> weights)
    {
        var members = said[0].Length;
        double[][] ahead = [.. said.Select(row => Array.ConvertAll(row, AheadOf))];
        double[][] tie = [.. said.Select(row => (double[])[.. row.Select(TieOf), 1])];
        double[] start = [.. Enumerable.Repeat(1.0 / members, 2 * members), 0];
        if (options.Loss == LinearLoss.Logistic)
        {
            var at = Newton.Minimise(start, (parameters, gradient, hessian) =>
                Ridge.Add(parameters, start, options.Ridge, gradient, hessian) + said.Select((_, i) => weights[i] * AddLogistic(
                    parameters, ahead[i], tie[i], targets[i], weights[i], gradient, hessian)).Sum()).Parameters;
            return Of(at[..members], at[members..]);
        }

        // Two problems: A against B on the battles that somebody won, and a tie against both.
        double[] toA = [.. targets.Select(target => target.A - target.B)], toTie = [.. targets.Select(target => (2 * target.Tie) - 1)];
        double[] won = [.. targets.Select((target, i) => weights[i] * (options.Loss == LinearLoss.Svr ? 1 : target.A + target.B))];
        return Of(FitMargin(options, ahead, toA, won, start[..members]), FitMargin(options, tie, toTie, weights, start[members..]));
    }

    /// <summary>One preference of what the members say.</summary>
    public Preference Apply(IReadOnlyList<Preference> said)
    {
        var (ahead, tie) = (0.0, TieBias);
        for (var member = 0; member < said.Count; member++)
        {
            ahead += Ahead[member] * AheadOf(said[member]);
            tie += Tie[member] * TieOf(said[member]);
        }

        return Preference.FromScores(ahead, -ahead, tie);
    }

    private static LinearTop Of(double[] ahead, double[] tie) => new() { Ahead = ahead, Tie = tie[..^1], TieBias = tie[^1] };

    private static double AheadOf(Preference said) => (PoolingExtensions.LogOf(said.A) - PoolingExtensions.LogOf(said.B)) / 2;

    private static double TieOf(Preference said) =>
        PoolingExtensions.LogOf(said.Tie) - ((PoolingExtensions.LogOf(said.A) + PoolingExtensions.LogOf(said.B)) / 2);

    // Cross-entropy of softmax(s, -s, t): with m = pA - pB, s has variance pA + pB - m^2, t has pTie (1 - pTie), and their covariance is
    // -m pTie.
    private static double AddLogistic(
        double[] at, double[] ahead, double[] tie, Preference target, double weight, double[] gradient, SquareMatrix hessian)
    {
        var members = ahead.Length;
        var (s, t) = (SquareMatrix.Dot(at.AsSpan(0, members), ahead), SquareMatrix.Dot(at.AsSpan(members), tie));
        var p = Preference.FromScores(s, -s, t);
        var lead = p.A - p.B;
        var (ofAhead, ofTie) = (weight * (lead - (target.A - target.B)), weight * (p.Tie - target.Tie));
        var (varianceAhead, varianceTie, covariance) =
            (weight * (p.A + p.B - (lead * lead)), weight * p.Tie * (1 - p.Tie), -weight * lead * p.Tie);
        for (var j = 0; j < members; j++)
        {
            gradient[j] += ofAhead * ahead[j];
            for (var k = 0; k <= j; k++)
                hessian[j, k] += varianceAhead * ahead[j] * ahead[k];
        }

        for (var j = 0; j < tie.Length; j++)
        {
            gradient[members + j] += ofTie * tie[j];
            for (var k = 0; k < members; k++)
                hessian[members + j, k] += covariance * tie[j] * ahead[k];
            for (var k = 0; k <= j; k++)
                hessian[members + j, members + k] += varianceTie * tie[j] * tie[k];
        }

        return LogLoss.Of(p, target);
    }

    /// <summary>
    /// The linear support vector machine with squared hinge loss, or support vector regression with squared loss outside of a tube (Hsieh
    /// et al. 2008; Ho and Lin 2012): smooth, so that Newton's method solves it exactly.
    /// </summary>
    private static double[] FitMargin(
        LinearTopOptions options, double[][] rows, double[] targets, IReadOnlyList<double> weights, double[] start)
    {
        return Newton.Minimise(start, (at, gradient, hessian) =>
        {
            var loss = Ridge.Add(at, start, options.Ridge, gradient, hessian);
            for (var i = 0; i < rows.Length; i++)
            {
                var off = Off(SquareMatrix.Dot(at, rows[i]), targets[i]);
                if (off == 0 || weights[i] == 0)
                    continue;
                loss += weights[i] / 2 * off * off;
                for (var j = 0; j < at.Length; j++)
                {
                    gradient[j] += weights[i] * off * rows[i][j];
                    for (var k = 0; k <= j; k++)
                        hessian[j, k] += weights[i] * rows[i][j] * rows[i][k];
                }
            }

            return loss;
        }).Parameters;

        // How far a score is on the wrong side of what is asked for: of the margin 1, or of the tube around the target.
        double Off(double score, double target) => options.Loss == LinearLoss.Svm
            ? target > 0 ? Math.Min(0, score - 1) : target < 0 ? Math.Max(0, score + 1) : 0
            : Math.Sign(score - target) * Math.Max(0, Math.Abs(score - target) - options.Tube);
    }
}

/// <summary>How a <see cref="LinearTop"/> is fitted.</summary>
internal sealed record LinearTopOptions
{
    /// <summary>What is minimised.</summary>
    public LinearLoss Loss { get; init; } = LinearLoss.Logistic;

    /// <summary>Half of it times the squared distance of the factors from equal ones is added to the loss, above 0.</summary>
    public double Ridge { get; init; } = 1;

    /// <summary>Of <see cref="LinearLoss.Svr"/>: how far a score may be from its target at no loss.</summary>
    public double Tube { get; init; } = 0.1;
}

/// <summary>Losses of linear judges on top.</summary>
internal enum LinearLoss
{
    /// <summary>Log loss of the three outcomes.</summary>
    [JsonStringEnumMemberName("logistic")]
    Logistic,

    /// <summary>Squared hinge loss: a linear support vector machine.</summary>
    [JsonStringEnumMemberName("svm")]
    Svm,

    /// <summary>Squared loss outside of a tube: linear support vector regression.</summary>
    [JsonStringEnumMemberName("svr")]
    Svr,
}
