namespace Tiebreak.Transformers.Layers;

/// <summary>The angles of a rotary embedding.</summary>
internal sealed record RotaryOptions
{
    /// <summary>Elements of a head that are rotated, its first ones; even.</summary>
    public required int Dimension { get; init; }

    /// <summary>The base of the geometric series of frequencies.</summary>
    public required double Theta { get; init; }

    /// <summary>Which two elements are turned together: 2i and 2i + 1, otherwise i and i + dimension / 2.</summary>
    public bool IsInterleaved { get; init; }

    /// <summary>How frequencies are stretched.</summary>
    public RotaryScaling Scaling { get; init; }

    /// <summary>
    /// The divisor of <see cref="RotaryScaling.Linear"/>, <see cref="RotaryScaling.Llama3"/> and <see cref="RotaryScaling.Yarn"/>.
    /// </summary>
    public double Factor { get; init; } = 1;

    /// <summary>Llama 3.1: waves longer than original context / this are divided by the whole factor.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Llama 3.1: waves shorter than original context / this are kept.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>YaRN: frequencies that turn more often than this within the context of pre-training are kept.</summary>
    public double FastRotations { get; init; } = 32;

    /// <summary>YaRN: frequencies that turn less often than this are divided by the whole factor.</summary>
    public double SlowRotations { get; init; } = 1;

    /// <summary>YaRN: whether the ramp between both begins and ends at whole frequencies.</summary>
    public bool RoundsRamp { get; init; } = true;

    /// <summary>The context of pre-training in tokens.</summary>
    public int OriginalPositions { get; init; }

    /// <summary>LongRoPE: divisors up to <see cref="OriginalPositions"/>, one a frequency.</summary>
    public IReadOnlyList<double> ShortFactors { get; init; } = [];

    /// <summary>LongRoPE: divisors beyond <see cref="OriginalPositions"/>, one a frequency.</summary>
    public IReadOnlyList<double> LongFactors { get; init; } = [];

    /// <summary>LongRoPE and YaRN: cos and sin are multiplied by this, at any length.</summary>
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
        var (rampStart, rampEnd) = YarnRamp();
        for (var i = 0; i < frequencies.Length; i++)
        {
            var wave = MathF.Pow((float)Theta, 2 * i / (float)Dimension);
            frequencies[i] = Scaling switch
            {
                RotaryScaling.Linear => 1 / wave / (float)Factor,
                RotaryScaling.Llama3 => StretchLongWaves(1 / wave),
                RotaryScaling.Yarn => Ramped(wave, (i - rampStart) / (rampEnd - rampStart)),
                RotaryScaling.LongRope => 1 / ((float)(isLong ? LongFactors : ShortFactors)[i] * wave),
                _ => 1 / wave,
            };
        }

        return frequencies;
    }

    /// <summary>YaRN (https://arxiv.org/abs/2309.00071, section 3.2): the frequencies between which division sets in.</summary>
    private (float Start, float End) YarnRamp()
    {
        var (start, end) = (FrequencyOf(FastRotations), FrequencyOf(SlowRotations));
        if (RoundsRamp)
            (start, end) = (Math.Floor(start), Math.Ceiling(end));
        (start, end) = (Math.Max(start, 0), Math.Min(end, Dimension - 1));
        return ((float)start, (float)(end > start ? end : start + 0.001)); // never a division by zero

        // The number of the frequency, in fractions, that turns so often within the context of pre-training.
        double FrequencyOf(double rotations) =>
            Dimension * Math.Log(OriginalPositions / (rotations * 2 * Math.PI)) / (2 * Math.Log(Theta));
    }

    private float Ramped(float wave, float place)
    {
        var kept = 1 - Math.Clamp(place, 0, 1);
        return (1 / ((float)Factor * wave) * (1 - kept)) + (1 / wave * kept);
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
