using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// The scale of each block of a <see cref="CodebookWeight"/>: float32, or quantised once more ("double quantisation",
/// https://arxiv.org/abs/2305.14314): table[q] * scale of the block of blocks + offset.
/// </summary>
/// <param name="Values">float32 [blocks], or uint8 where there is a table.</param>
/// <param name="Table">float32 [256]; null: the values are the scales.</param>
/// <param name="Outer">float32: a scale for each <paramref name="OuterBlock"/> scales; null: the values are the scales.</param>
/// <param name="OuterBlock">Scales that share one.</param>
/// <param name="Offset">Added to each.</param>
internal sealed record BlockScales(
    torch.Tensor Values, torch.Tensor? Table = null, torch.Tensor? Outer = null, int OuterBlock = 256, double Offset = 0)
{
    /// <summary>The scales in float32 [blocks].</summary>
    public torch.Tensor ToFloat()
    {
        if (Table is null || Outer is null)
            return Values.alias();

        using var scope = torch.NewDisposeScope();
        var outer = Outer.repeat_interleave(OuterBlock).narrow(0, 0, Values.numel());
        return Table.index_select(0, Values.flatten().to(torch.ScalarType.Int64)).mul_(outer).AddInPlace(Offset).MoveToOuterDisposeScope();
    }
}
