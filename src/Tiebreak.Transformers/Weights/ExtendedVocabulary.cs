using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Weights;

/// <summary>
/// The weights of a model whose vocabulary has grown: tables that are stored with fewer rows than are asked for get more, each of them the
/// mean of those that are stored, so that a new token begins as no word in particular.
/// </summary>
/// <param name="inner">Where the weights come from.</param>
internal sealed class ExtendedVocabulary(WeightSource inner) : PassedWeights(inner)
{
    private const int RowsAtOnce = 1 << 12; // of a table of which the whole is not to be held in float32

    /// <inheritdoc/>
    public override Tensor Tensor(string name, params ReadOnlySpan<long> shape) => shape.Length == 2
        ? Extended(shape[0], RowsOf(name), shape[1], base.Tensor, name)
        : base.Tensor(name, shape);

    /// <inheritdoc/>
    public override Tensor Table(string name, long rows, long width) => Extended(
        rows, RowsOf(name), width, (table, shape) => base.Table(table, shape[0], shape[1]), name);

    /// <inheritdoc/>
    internal override WordEmbedding Words(string name, long rows, long width, bool asStored) =>
        new(asStored ? Table(name, rows, width) : Tensor(name, rows, width));

    private static Tensor Extended(long rows, long? stored, long width, StoredTensor open, string name)
    {
        if (stored is not { } fewer || fewer >= rows)
            return open(name, [rows, width]);
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var table = open(name, [fewer, width]);
        if (table.device.type == META.type)
            return empty(rows, width, dtype: table.dtype, device: table.device).DetachFromDisposeScope();
        var sum = zeros(width, dtype: ScalarType.Float32, device: table.device);
        for (var row = 0L; row < fewer; row += RowsAtOnce)
        {
            using var part = table.narrow(0, row, Math.Min(RowsAtOnce, fewer - row)).to(ScalarType.Float32);
            _ = sum.AddInPlace(part.sum(dim: 0));
        }

        var mean = sum.DivideInPlace(fewer).to(table.dtype).expand(rows - fewer, width);
        return cat([table, mean]).DetachFromDisposeScope();
    }

    private delegate Tensor StoredTensor(string name, params ReadOnlySpan<long> shape);
}
