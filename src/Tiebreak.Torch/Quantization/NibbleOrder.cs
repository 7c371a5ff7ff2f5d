namespace Tiebreak.Torch.Quantization;

/// <summary>How numbers of a few bits lie in 32-bit words.</summary>
public enum NibbleOrder
{
    /// <summary>
    /// AWQ's GEMM layout: eight outputs of one input in a word, in the order 0, 2, 4, 6, 1, 3, 5, 7 from the lowest bits; zeros likewise.
    /// </summary>
    Awq,

    /// <summary>GPTQ: consecutive inputs of one output in a word, from the lowest bits; zeros hold consecutive outputs.</summary>
    Gptq,
}
