namespace Tiebreak.Transformers.Layers;

/// <summary>How the frequencies of a rotary embedding are stretched for contexts longer than those of pre-training.</summary>
internal enum RotaryScaling
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>All frequencies divided by one factor (https://arxiv.org/abs/2306.15595).</summary>
    Linear,

    /// <summary>Llama 3.1: long waves divided by the factor, short ones kept, a ramp between (https://arxiv.org/abs/2407.21783).</summary>
    Llama3,

    /// <summary>
    /// LongRoPE: a factor for each frequency, one set for short and one for long contexts (https://arxiv.org/abs/2402.13753).
    /// </summary>
    LongRope,

    /// <summary>YaRN: slow frequencies divided by the factor, fast ones kept, a ramp between (https://arxiv.org/abs/2309.00071).</summary>
    Yarn,
}
