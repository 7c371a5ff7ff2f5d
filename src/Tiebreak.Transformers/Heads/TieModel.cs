using Tiebreak.Core.Battles;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>Turns a difference of scores into log-probabilities of A, B and tie.</summary>
public sealed record TieModel
{
    private TieModel(TieKind kind, double parameter) => (Kind, Parameter) = (kind, parameter);

    /// <summary>Which model.</summary>
    public TieKind Kind { get; }

    /// <summary>Rao-Kupper: the threshold eta, above 0. Davidson: the weight nu, above 0.</summary>
    public double Parameter { get; }

    /// <summary>P(A) = sigmoid(d - eta), P(B) = sigmoid(-d - eta), the rest is the tie.</summary>
    /// <param name="eta">The threshold, above 0.</param>
    public static TieModel RaoKupper(double eta) => new(TieKind.RaoKupper, Positive(eta));

    /// <summary>P(A), P(B) and P(tie) are to each other as e^(d/2), e^(-d/2) and nu.</summary>
    /// <param name="nu">The weight of ties, above 0.</param>
    public static TieModel Davidson(double nu) => new(TieKind.Davidson, Positive(nu));

    /// <summary>The logarithms of the three probabilities; a difference of any size is safe, and gradients pass.</summary>
    /// <param name="difference">[battles]: score of A minus score of B, in log-odds.</param>
    /// <returns>[battles, 3]: A, B, tie.</returns>
    public Tensor LogProbabilities(Tensor difference)
    {
        using var scope = NewDisposeScope();
        if (Kind is TieKind.Davidson)
        {
            var half = difference / 2;
            return stack([half, -half, full_like(half, Math.Log(Parameter))], 1).log_softmax(1).MoveToOuterDisposeScope();
        }

        // 1 - sigmoid(d - eta) - sigmoid(-d - eta) = (e^(2 eta) - 1) sigmoid(d - eta) sigmoid(-d - eta): no difference of nearly equal
        // numbers.
        var a = nn.functional.logsigmoid(difference - Parameter);
        var b = nn.functional.logsigmoid(-difference - Parameter);
        return stack([a, b, a + b + LogExpMinusOne(2 * Parameter)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The three probabilities of one difference, in double precision.</summary>
    /// <param name="difference">Score of A minus score of B, in log-odds; any finite number is safe.</param>
    public Preference Of(double difference)
    {
        if (Kind is TieKind.Davidson)
            return Preference.FromScores(difference / 2, -difference / 2, Math.Log(Parameter));

        var (a, b) = (LogSigmoid(difference - Parameter), LogSigmoid(-difference - Parameter));
        return Preference.FromScores(a, b, a + b + LogExpMinusOne(2 * Parameter));
    }

    private static double LogSigmoid(double value) => value > 0 ? -Math.Log(1 + Math.Exp(-value)) : value - Math.Log(1 + Math.Exp(value));

    private static double LogExpMinusOne(double value) =>
        value > 1 ? value + Math.Log(1 - Math.Exp(-value)) : Math.Log(Math.Exp(value) - 1);

    private static double Positive(double parameter) => parameter > 0 && double.IsFinite(parameter)
        ? parameter
        : throw new ArgumentOutOfRangeException(nameof(parameter), parameter, "The tie parameter must be above 0 and finite.");
}
