using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Metrics;

/// <summary>
/// Multi-class log loss in nats with the semantics of scikit-learn's <c>log_loss</c>: probabilities are clipped to [2^-52, 1 - 2^-52], rows
/// are then renormalised, and the loss is -sum(target * ln p).
/// </summary>
public static class LogLoss
{
    /// <summary>The clip of scikit-learn for double precision, 2^-52.</summary>
    public const double Epsilon = 2.220446049250313e-16;

    /// <summary>The loss of one row.</summary>
    public static double Of(Preference predicted, Preference target)
    {
        var a = Math.Clamp(predicted.A, Epsilon, 1 - Epsilon);
        var b = Math.Clamp(predicted.B, Epsilon, 1 - Epsilon);
        var tie = Math.Clamp(predicted.Tie, Epsilon, 1 - Epsilon);
        var logSum = Math.Log(a + b + tie);
        return -(Term(target.A, a, logSum) + Term(target.B, b, logSum) + Term(target.Tie, tie, logSum));
    }

    /// <summary>The loss of every row.</summary>
    public static double[] PerRow(IReadOnlyList<Preference> predicted, IReadOnlyList<Preference> targets)
    {
        if (predicted.Count != targets.Count)
            throw new ArgumentException($"{predicted.Count} preferences for {targets.Count} targets.", nameof(predicted));

        var losses = new double[predicted.Count];
        for (var i = 0; i < losses.Length; i++)
            losses[i] = Of(predicted[i], targets[i]);
        return losses;
    }

    private static double Term(double weight, double probability, double logSum) =>
        weight == 0 ? 0 : weight * (Math.Log(probability) - logSum);
}
