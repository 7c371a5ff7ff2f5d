using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Numerics;
using Tiebreak.Torch.Operators;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>
/// Rao and Kupper 1967: P(A) = sigmoid(d - eta), P(B) = sigmoid(-d - eta), the rest is the tie:
/// 1 - P(A) - P(B) = (e^(2 eta) - 1) P(A) P(B), which needs no difference of nearly equal numbers.
/// </summary>
/// <param name="eta">The threshold on the log-odds scale, above 0.</param>
internal sealed class RaoKupperTies(double eta) : TieModel(eta)
{
    private const double LeastThreshold = 1e-4;

    // The first and the second derivative of ln(e^(2 eta) - 1), the second with its sign changed.
    private readonly double _slopeOfTie = 2 / (1 - Math.Exp(-2 * eta));
    private readonly double _curvatureOfTie = 4 * Math.Exp(-2 * eta) / Math.Pow(1 - Math.Exp(-2 * eta), 2);

    /// <inheritdoc/>
    public override double Coordinate => Parameter;

    /// <inheritdoc/>
    public override TieModel At(double coordinate) => new RaoKupperTies(coordinate);

    /// <inheritdoc/>
    public override bool Allows(double coordinate) => coordinate >= LeastThreshold;

    /// <inheritdoc/>
    public override Preference Of(double difference)
    {
        var (a, b) = (LogSigmoid(difference - Parameter), LogSigmoid(-difference - Parameter));
        return Preference.FromScores(a, b, a + b + LogExpMinusOne(2 * Parameter));
    }

    /// <inheritdoc/>
    public override Tensor LogProbabilities(Tensor difference)
    {
        using var scope = NewDisposeScope();
        var a = nn.functional.logsigmoid(difference.Subtract(Parameter));
        var b = nn.functional.logsigmoid((-difference).Subtract(Parameter));
        return stack([a, b, a.Add(b).Add(LogExpMinusOne(2 * Parameter))], 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override double AddLoss(double scale, double difference, Preference target, double[] gradient, SquareMatrix hessian)
    {
        // ln P(A) = ln s(u), ln P(B) = ln s(v), ln P(tie) = ln s(u) + ln s(v) + ln(e^(2 eta) - 1) with u = scale d - eta, v = -scale d -
        // eta.
        AddSide(difference, (scale * difference) - Parameter, target.A + target.Tie, gradient, hessian);
        AddSide(-difference, (-scale * difference) - Parameter, target.B + target.Tie, gradient, hessian);
        gradient[1] -= target.Tie * _slopeOfTie;
        hessian[1, 1] += target.Tie * _curvatureOfTie;
        return LogLoss.Of(Of(scale * difference), target);
    }

    private static void AddSide(double slope, double at, double weight, double[] gradient, SquareMatrix hessian)
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

    private static double LogSigmoid(double value) =>
        value > 0 ? -Math.Log(1 + Math.Exp(-value)) : value - Math.Log(1 + Math.Exp(value));

    private static double LogExpMinusOne(double value) =>
        value > 1 ? value + Math.Log(1 - Math.Exp(-value)) : Math.Log(Math.Exp(value) - 1);
}
