using Tiebreak.Core.Battles;
using Tiebreak.Core.Numerics;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>
/// Turns a difference of scores (A less B, in log-odds) into probabilities of A, B and tie. A judge reads its battles with it, a training
/// takes its loss from it, and its parameter can be fitted to votes.
/// </summary>
internal abstract class TieModel
{
    /// <param name="parameter">Above 0 and finite.</param>
    protected TieModel(double parameter) => Parameter = parameter > 0 && double.IsFinite(parameter)
        ? parameter
        : throw new ArgumentOutOfRangeException(nameof(parameter), parameter, "The tie parameter must be above 0 and finite.");

    /// <summary>Rao-Kupper: the threshold eta. Davidson: the weight nu. Above 0.</summary>
    public double Parameter { get; }

    /// <summary>
    /// The parameter on the axis on which the log loss is convex together with the scale of differences: eta itself, the logarithm of nu.
    /// </summary>
    public abstract double Coordinate { get; }

    /// <summary>The model of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="parameter">Its parameter, above 0; null: where a fit begins.</param>
    public static TieModel Create(TieKind kind, double? parameter = null) => kind switch
    {
        TieKind.RaoKupper => new RaoKupperTies(parameter ?? 0.5),
        TieKind.Davidson => new DavidsonTies(parameter ?? 1),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The model of a kind in which sides of equal score tie with a probability.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="probability">Above 0, below 1.</param>
    public static TieModel OfEqualSides(TieKind kind, double probability) => kind switch
    {
        TieKind.RaoKupper => new RaoKupperTies(Math.Log((1 + probability) / (1 - probability))),
        TieKind.Davidson => new DavidsonTies(2 * probability / (1 - probability)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The same kind of model with another parameter.</summary>
    /// <param name="coordinate">See <see cref="Coordinate"/>.</param>
    public abstract TieModel At(double coordinate);

    /// <summary>Whether a fit may visit a coordinate.</summary>
    public abstract bool Allows(double coordinate);

    /// <summary>The three probabilities of one difference, in double precision.</summary>
    /// <param name="difference">Score of A minus score of B, in log-odds; any finite number is safe.</param>
    public abstract Preference Of(double difference);

    /// <summary>The logarithms of the three probabilities; a difference of any size is safe, and gradients pass.</summary>
    /// <param name="difference">[battles]: score of A minus score of B, in log-odds.</param>
    /// <returns>[battles, 3]: A, B, tie.</returns>
    public abstract Tensor LogProbabilities(Tensor difference);

    /// <summary>The log loss of one battle as a function of a scale and of <see cref="Coordinate"/>, with its derivatives.</summary>
    /// <param name="scale">The factor of the difference.</param>
    /// <param name="difference">Score of A minus score of B, in any unit.</param>
    /// <param name="target">What people said.</param>
    /// <param name="gradient">The derivatives by scale and coordinate are added to it.</param>
    /// <param name="hessian">The second derivatives are added to it.</param>
    public abstract double AddLoss(double scale, double difference, Preference target, double[] gradient, SquareMatrix hessian);
}

/// <summary>How a difference of scores leaves room for ties.</summary>
internal enum TieKind
{
    /// <summary>Rao and Kupper 1967: a side wins if it is ahead by more than a threshold on the log-odds scale.</summary>
    RaoKupper,

    /// <summary>Davidson 1970: a tie weighs a constant times the geometric mean of both sides.</summary>
    Davidson,
}
