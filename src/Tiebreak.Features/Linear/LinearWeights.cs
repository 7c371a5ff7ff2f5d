using System.Numerics.Tensors;
using Tiebreak.Core.Battles;

namespace Tiebreak.Features.Linear;

/// <summary>
/// A linear model over <see cref="LinearInputs"/>: with s the weighted sum of the differences and t that of the other inputs plus an
/// intercept, the scores of A, B and tie are s, -s and t, so that exchanging A and B exchanges their probabilities exactly.
/// </summary>
/// <param name="values">One weight per input, then the intercept.</param>
/// <param name="differences">How many of the inputs are differences.</param>
internal sealed class LinearWeights(float[] values, int differences)
{
    /// <summary>One weight per input, then the intercept.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>The preference for a row of inputs.</summary>
    public Preference Predict(ReadOnlySpan<float> inputs)
    {
        var s = TensorPrimitives.Dot(inputs[..differences], Values[..differences]);
        var t = TensorPrimitives.Dot(inputs[differences..], Values[differences..^1]) + Values[^1];
        return Preference.FromScores(s, -s, t);
    }

    /// <summary>The same weights with a linear change of t.</summary>
    public LinearWeights WithTieScaled(double factor, double offset)
    {
        float[] scaled = [.. values.Select((value, k) => k < differences ? value : (float)(factor * value))];
        scaled[^1] += (float)offset;
        return new LinearWeights(scaled, differences);
    }
}
