using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Ensembles;

/// <summary>How several preferences become one.</summary>
internal enum Pooling
{
    /// <summary>The weighted mean of the probabilities.</summary>
    [JsonStringEnumMemberName("linear")]
    Linear,

    /// <summary>The weighted mean of their logarithms, renormalised (the logarithmic opinion pool).</summary>
    [JsonStringEnumMemberName("log")]
    Log,
}

/// <summary>The two poolings.</summary>
internal static class PoolingExtensions
{
    /// <summary>Pools preferences for one battle.</summary>
    /// <param name="pooling">How.</param>
    /// <param name="members">The preferences.</param>
    /// <param name="weights">One weight for each; not negative, and they sum to 1.</param>
    public static Preference Pool(this Pooling pooling, ReadOnlySpan<Preference> members, ReadOnlySpan<double> weights)
    {
        var (a, b, tie) = (0.0, 0.0, 0.0);
        for (var k = 0; k < members.Length; k++)
        {
            var (weight, said) = (weights[k], members[k]);
            var (ofA, ofB, ofTie) = pooling == Pooling.Linear
                ? (said.A, said.B, said.Tie)
                : (LogOf(said.A), LogOf(said.B), LogOf(said.Tie));
            (a, b, tie) = (a + (weight * ofA), b + (weight * ofB), tie + (weight * ofTie));
        }

        return pooling == Pooling.Linear ? Preference.Normalised(a, b, tie) : Preference.FromScores(a, b, tie);
    }

    /// <summary>The logarithm of a probability, clipped so that a zero stays tiny instead of deciding everything.</summary>
    public static double LogOf(double probability) => Math.Log(Math.Max(probability, LogLoss.Epsilon));
}
