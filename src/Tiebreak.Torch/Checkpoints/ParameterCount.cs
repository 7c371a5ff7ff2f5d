namespace Tiebreak.Torch.Checkpoints;

/// <summary>
/// How many parameters the stored tensors stand for. Quantised weights are packed, several to an element, and come with scales and tables
/// that are no parameters of the model: AWQ and GPTQ (<c>qweight</c>, 32-bit words), compressed-tensors (<c>weight_packed</c>, likewise),
/// bitsandbytes 4-bit (bytes with an <c>absmax</c> beside them).
/// </summary>
internal static class ParameterCount
{
    private static readonly string[] NoParameters =
    [
        ".qzeros", ".scales", ".g_idx", ".absmax", ".quant_map", ".nested_absmax", ".nested_quant_map", ".SCB",
        ".weight_format", ".inv_freq", ".position_ids", ".weight_scale", ".weight_scale_inv", ".weight_zero_point", ".weight_shape",
        ".weight_g_idx", ".input_scale", ".input_zero_point",
    ];

    private static readonly string[] PackedWords = [".qweight", ".weight_packed"];

    /// <summary>The parameters in a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="bits">Bits of a weight in packed words, as the configuration says.</param>
    public static long Of(Checkpoint checkpoint, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        return checkpoint.Entries.Sum(entry => Of(entry, checkpoint, bits));
    }

    private static long Of(TensorEntry entry, Checkpoint checkpoint, int bits)
    {
        if (Array.Exists(NoParameters, suffix => entry.Name.EndsWith(suffix, StringComparison.Ordinal))
            || entry.Name.Contains(".quant_state.", StringComparison.Ordinal))
        {
            return 0;
        }

        if (entry.Type == DType.Int32 && Array.Exists(PackedWords, suffix => entry.Name.EndsWith(suffix, StringComparison.Ordinal)))
            return entry.Count * 32 / bits;
        return entry.Type == DType.UInt8 && checkpoint.Contains($"{entry.Name}.absmax") ? entry.Count * 2 : entry.Count;
    }
}
