using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Numerics;
using Tiebreak.Torch.Operators;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>Davidson 1970: P(A), P(B) and P(tie) are to each other as e^(d/2), e^(-d/2) and nu.</summary>
internal sealed class DavidsonTies : TieModel
{
    // The exponential of more is not finite, or 0.
    private const double MostLogarithm = 700;

    private readonly double _logWeight;

    /// <param name="nu">The weight of ties, above 0.</param>
    public DavidsonTies(double nu)
        : this(nu, Math.Log(nu))
    {
    }

    private DavidsonTies(double nu, double logWeight)
        : base(nu) => _logWeight = logWeight;

    /// <inheritdoc/>
    public override double Coordinate => _logWeight;

    /// <inheritdoc/>
    public override TieModel At(double coordinate) => new DavidsonTies(Math.Exp(coordinate), coordinate);

    /// <inheritdoc/>
    public override bool Allows(double coordinate) => Math.Abs(coordinate) < MostLogarithm;

    /// <inheritdoc/>
    public override Preference Of(double difference) => Preference.FromScores(difference / 2, -difference / 2, _logWeight);

    /// <inheritdoc/>
    public override Tensor LogProbabilities(Tensor difference)
    {
        using var scope = NewDisposeScope();
        var half = difference.Divide(2);
        return stack([half, -half, empty_like(half).FillInPlace(_logWeight)], 1).log_softmax(1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override double AddLoss(double scale, double difference, Preference target, double[] gradient, SquareMatrix hessian)
    {
        var half = difference / 2;
        var predicted = Preference.FromScores(scale * half, -scale * half, _logWeight);
        NewtonFit.AddSoftmax(gradient, hessian, predicted, target, [half, 0], [-half, 0], [0, 1]);
        return LogLoss.Of(predicted, target);
    }
}
