namespace Tiebreak.Transformers.Layers;

/// <summary>The angles of a rotary embedding.</summary>
internal sealed record RotaryOptions
{
    /// <summary>Elements of a head that are rotated; even.</summary>
    public required int Dimension { get; init; }

    /// <summary>The base of the geometric series of frequencies.</summary>
    public required double Theta { get; init; }

    /// <summary>How frequencies are stretched.</summary>
    public RotaryScaling Scaling { get; init; }

    /// <summary>The divisor of <see cref="RotaryScaling.Linear"/> and <see cref="RotaryScaling.Llama3"/>.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Llama 3.1: waves longer than original context / this are divided by the whole factor.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Llama 3.1: waves shorter than original context / this are kept.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>The context of pre-training in tokens.</summary>
    public int OriginalPositions { get; init; }

    /// <summary>LongRoPE: divisors up to <see cref="OriginalPositions"/>, one a frequency.</summary>
    public IReadOnlyList<double> ShortFactors { get; init; } = [];

    /// <summary>LongRoPE: divisors beyond <see cref="OriginalPositions"/>, one a frequency.</summary>
    public IReadOnlyList<double> LongFactors { get; init; } = [];

    /// <summary>LongRoPE: cos and sin are multiplied by this, at any length.</summary>
    public double AttentionFactor { get; init; } = 1;

    /// <summary>
    /// The angle that a position turns each pair of elements by, in radians. In float32 and in the order of transformers' operations:
    /// models are trained with these roundings, and a late position multiplies them.
    /// </summary>
    /// <param name="isLong">LongRoPE: the set for long contexts.</param>
    /// <returns>Half of <see cref="Dimension"/> frequencies.</returns>
    public float[] Frequencies(bool isLong)
    {
        var frequencies = new float[Dimension / 2];
        for (var i = 0; i < frequencies.Length; i++)
        {
            var wave = MathF.Pow((float)Theta, 2 * i / (float)Dimension);
            frequencies[i] = Scaling switch
            {
                RotaryScaling.Linear => 1 / wave / (float)Factor,
                RotaryScaling.Llama3 => StretchLongWaves(1 / wave),
                RotaryScaling.LongRope => 1 / ((float)(isLong ? LongFactors : ShortFactors)[i] * wave),
                _ => 1 / wave,
            };
        }

        return frequencies;
    }

    private float StretchLongWaves(float frequency)
    {
        var length = 2 * MathF.PI / frequency;
        if (length > (float)(OriginalPositions / LowFrequencyFactor))
            return frequency / (float)Factor;
        if (length < (float)(OriginalPositions / HighFrequencyFactor))
            return frequency;

        var kept = ((OriginalPositions / length) - (float)LowFrequencyFactor) / (float)(HighFrequencyFactor - LowFrequencyFactor);
        return ((1 - kept) * frequency / (float)Factor) + (kept * frequency);
    }
}
