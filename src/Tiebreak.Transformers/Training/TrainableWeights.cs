using Tiebreak.Torch;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>Weights that learn: a tensor that is asked for becomes a parameter with a gradient and memory of its own.</summary>
/// <param name="inner">Where weights begin.</param>
/// <param name="parameters">Receives the tensors that learn.</param>
/// <param name="dropout">Turns dropout on.</param>
/// <param name="learns">Tells by its name whether a tensor learns; the others stay as they are. Null: all learn.</param>
internal sealed class TrainableWeights(
    WeightSource inner, ParameterSet parameters, DropoutSwitch dropout, Func<string, bool>? learns = null) : WeightSource
{
    private bool _isEmbedded;

    /// <inheritdoc/>
    public override Device Device => inner.Device;

    /// <inheritdoc/>
    public override DType Type => inner.Type;

    /// <inheritdoc/>
    public override bool Has(string name) => inner.Has(name);

    /// <inheritdoc/>
    public override long? RowsOf(string name) => inner.RowsOf(name);

    /// <inheritdoc/>
    public override Tensor Tensor(string name, params ReadOnlySpan<long> shape)
    {
        if (learns?.Invoke(name) is false)
            return inner.Tensor(name, shape);

        // The source's memory may be a file that is mapped for reading.
        using var stored = inner.Tensor(name, shape);
        var parameter = stored.clone().DetachFromDisposeScope().requires_grad_();
        parameters.Add(name, parameter);
        return parameter;
    }

    /// <summary>Tokens whose rows of the word embedding learn, where the whole does not.</summary>
    public IReadOnlyList<int> Tokens { get; init; } = [];

    /// <inheritdoc/>
    internal override WordEmbedding Words(string name, long rows, long width, bool asStored)
    {
        // The embedding is asked for first, and before a language model's head.
        var isEmbedding = !_isEmbedded;
        _isEmbedded = true;
        if (Tokens.Count == 0 || !isEmbedding || learns?.Invoke(name) is not false)
            return base.Words(name, rows, width, asStored);

        using var scope = NewDisposeScope();
        var table = asStored ? inner.Table(name, rows, width) : inner.Tensor(name, rows, width);
        var ids = tensor([.. Tokens.Select(token => (long)token)], device: table.device);
        var apart = table.index_select(0, ids).to(Type.ToScalarType()).DetachFromDisposeScope().requires_grad_();
        parameters.Add(RowsOfTokens(name), apart);
        return new WordEmbedding(table, Tokens, apart);
    }

    /// <summary>The name of the rows of some tokens, by that of the table.</summary>
    public static string RowsOfTokens(string table) => table[..table.LastIndexOf('.')] + Adapter.TokenRowsName;

    /// <inheritdoc/>
    internal override Dropout Dropout(double probability) => dropout.Create(probability);
}
