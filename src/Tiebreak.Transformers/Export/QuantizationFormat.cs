namespace Tiebreak.Transformers.Export;

/// <summary>How a checkpoint's linear layers can be quantised.</summary>
public enum QuantizationFormat
{
    /// <summary>
    /// Four bits in groups, with columns scaled by how large their inputs are (https://arxiv.org/abs/2306.00978). Needs calibration rows.
    /// </summary>
    Awq,

    /// <summary>
    /// Four bits in groups, with errors made up for by later columns (https://arxiv.org/abs/2210.17323). Needs calibration rows.
    /// </summary>
    Gptq,

    /// <summary>bitsandbytes' four bits (https://arxiv.org/abs/2305.14314).</summary>
    Nf4,

    /// <summary>bitsandbytes' eight bits (https://arxiv.org/abs/2208.07339).</summary>
    Int8,
}
