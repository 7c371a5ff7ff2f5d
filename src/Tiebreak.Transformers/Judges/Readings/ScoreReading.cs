using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>
/// Outputs that are scores: one number for how far A is ahead, or one for each side. A tie model makes a preference of the scaled
/// difference; both likelihoods are concave in scale and threshold (Rao-Kupper), or in scale and logarithm of the weight (Davidson).
/// </summary>
internal sealed class ScoreReading : OutputReading
{
    // Beyond it, differences say nothing or everything.
    private const double LeastScale = 1e-4;
    private const double LeastThreshold = 1e-4;

    private readonly TieKind _kind;
    private readonly bool _isReversed;
    private readonly double? _fixedScale;
    private readonly double? _fixedTie;
    private readonly TieModel _ties;

    /// <summary>Creates the reading.</summary>
    /// <param name="kind">The tie model.</param>
    /// <param name="fixedScale">The scale, where it is not fitted.</param>
    /// <param name="fixedTie">The tie parameter, where it is not fitted.</param>
    /// <param name="parameters">The parameters to read with; null: before anything is fitted.</param>
    /// <param name="isReversed">Whether B's score comes first.</param>
    public ScoreReading(TieKind kind, double? fixedScale, double? fixedTie, ReadingParameters? parameters = null, bool isReversed = false)
    {
        (_kind, _fixedScale, _fixedTie, _isReversed) = (kind, fixedScale, fixedTie, isReversed);
        Parameters = parameters ?? new ReadingParameters(fixedScale ?? 1, [0, 0, 0], fixedTie ?? (kind is TieKind.Davidson ? 1 : 0.5));
        _ties = kind is TieKind.Davidson
            ? TieModel.Davidson(Parameters.TieParameter!.Value)
            : TieModel.RaoKupper(Parameters.TieParameter!.Value);
    }

    public override ReadingParameters Parameters { get; }

    public override bool IsFixed => _fixedScale is not null && _fixedTie is not null;

    public override Preference Read(ReadOnlySpan<float> outputs) => _ties.Of(Parameters.Scale * Difference(outputs));

    public override OutputReading Fit(IReadOnlyList<float[]> outputs, IReadOnlyList<Preference> targets)
    {
        if (IsFixed)
            return this;
        double[] differences = [.. outputs.Select(row => Difference(row))];

        // Scores of reward models have any unit: the search begins where differences are about one.
        var size = Math.Sqrt(differences.Average(d => d * d));
        var start = _fixedScale ?? 1 / Math.Max(size, 1e-6);
        var found = Minimise(differences, targets, start, isScaleFree: _fixedScale is null);
        if (found[0] < LeastScale * start)
            found = Minimise(differences, targets, LeastScale * start, isScaleFree: false);
        var tie = _kind is TieKind.Davidson ? Math.Exp(found[1]) : found[1];
        return new ScoreReading(_kind, _fixedScale, _fixedTie, new ReadingParameters(found[0], [0, 0, 0], tie), _isReversed);
    }

    private double[] Minimise(double[] differences, IReadOnlyList<Preference> targets, double scale, bool isScaleFree)
    {
        var tie = _fixedTie ?? (_kind is TieKind.Davidson ? 1 : 0.5);
        return NewtonFit.Minimise(
            [scale, _kind is TieKind.Davidson ? Math.Log(tie) : tie],
            (point, gradient, hessian) => _kind is TieKind.Davidson
                ? Davidson(differences, targets, point, gradient, hessian)
                : RaoKupper(differences, targets, point, gradient, hessian),
            [isScaleFree, _fixedTie is null],
            isAllowed: point => _kind is TieKind.Davidson || point[1] >= LeastThreshold);
    }

    private static double Davidson(
        double[] differences, IReadOnlyList<Preference> targets, double[] point, double[] gradient, double[,] hessian)
    {
        var loss = 0.0;
        for (var i = 0; i < differences.Length; i++)
        {
            var half = differences[i] / 2;
            var p = Preference.FromScores(point[0] * half, -point[0] * half, point[1]);
            loss += LogLoss.Of(p, targets[i]);
            NewtonFit.AddSoftmax(gradient, hessian, p, targets[i], [half, 0], [-half, 0], [0, 1]);
        }

        return loss;
    }

    private static double RaoKupper(
        double[] differences, IReadOnlyList<Preference> targets, double[] point, double[] gradient, double[,] hessian)
    {
        // ln P(A) = ln s(u), ln P(B) = ln s(v), ln P(tie) = ln s(u) + ln s(v) + ln(e^(2 eta) - 1) with u = scale d - eta, v = -scale d -
        // eta.
        var (eta, loss) = (point[1], 0.0);
        var ties = TieModel.RaoKupper(eta);
        var ofTie = 2 / (1 - Math.Exp(-2 * eta));
        var curvature = 4 * Math.Exp(-2 * eta) / Math.Pow(1 - Math.Exp(-2 * eta), 2);
        for (var i = 0; i < differences.Length; i++)
        {
            var (d, y) = (differences[i], targets[i]);
            loss += LogLoss.Of(ties.Of(point[0] * d), y);
            Side(d, (point[0] * d) - eta, y.A + y.Tie);
            Side(-d, (-point[0] * d) - eta, y.B + y.Tie);
            gradient[1] -= y.Tie * ofTie;
            hessian[1, 1] += y.Tie * curvature;
        }

        return loss;

        void Side(double slope, double at, double weight)
        {
            var s = 1 / (1 + Math.Exp(-at));
            gradient[0] -= weight * (1 - s) * slope;
            gradient[1] += weight * (1 - s);
            var h = weight * s * (1 - s);
            hessian[0, 0] += h * slope * slope;
            hessian[0, 1] -= h * slope;
            hessian[1, 0] -= h * slope;
            hessian[1, 1] += h;
        }
    }

    private double Difference(ReadOnlySpan<float> outputs)
    {
        var difference = outputs.Length == 1 ? outputs[0] : (double)outputs[0] - outputs[1];
        return _isReversed ? -difference : difference;
    }
}
