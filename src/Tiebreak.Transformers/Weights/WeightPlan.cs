using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights.Quantized;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Weights;

/// <summary>
/// Notes the names and shapes that a model asks for. Its tensors are without memory, so that a plan of 70 billion parameters costs nothing.
/// Compared with a checkpoint's header it tells everything that is missing, mis-shaped or unused before any weight is read.
/// </summary>
/// <param name="has">Tells names that the checkpoint holds; a plan without one says no to all.</param>
/// <param name="rowsOf">The first size of a tensor that it holds; null: nothing is known of sizes.</param>
/// <param name="quantization">How its linear layers are quantised; null: they are plain.</param>
internal sealed class WeightPlan(
    Func<string, bool> has, Func<string, long?>? rowsOf = null, QuantizedLayout? quantization = null) : WeightSource
{
    private readonly List<TensorShape> _asked = [];
    private readonly List<LinearShape> _linears = [];
    private readonly List<string> _words = [];
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);

    /// <summary>A plan of a checkpoint.</summary>
    /// <param name="checkpoint">The files; null: there are none yet.</param>
    /// <param name="quantization">How its linear layers are quantised; null: they are plain.</param>
    internal WeightPlan(Checkpoint? checkpoint, QuantizedLayout? quantization)
        : this(name => checkpoint?.Contains(name) ?? false, name => checkpoint?.RowsOf(name), quantization)
    {
    }

    /// <summary>What was asked for, in order.</summary>
    public IReadOnlyList<TensorShape> Asked => _asked;

    /// <summary>The linear layers among it, in order.</summary>
    public IReadOnlyList<LinearShape> Linears => _linears;

    /// <summary>The tables of words among it: the embedding, then the matrix of a language model's head that is another one.</summary>
    public IReadOnlyList<string> WordTables => _words;

    /// <summary>
    /// Names of tensors that stay as they are stored, whatever the model computes with: tables, and parts of quantised weights.
    /// </summary>
    internal IReadOnlySet<string> Kept => _kept;

    /// <inheritdoc/>
    public override Device Device => META;

    /// <inheritdoc/>
    private protected override QuantizedLayout? Quantization => quantization;

    /// <inheritdoc/>
    public override bool Has(string name) => has(name);

    /// <inheritdoc/>
    public override long? RowsOf(string name) => rowsOf?.Invoke(name);

    /// <inheritdoc/>
    public override Tensor Tensor(string name, params ReadOnlySpan<long> shape)
    {
        _asked.Add(new TensorShape(name, shape.ToArray()));
        return empty(shape, device: META).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Table(string name, long rows, long width)
    {
        _kept.Add(name);
        return base.Table(name, rows, width);
    }

    /// <inheritdoc/>
    internal override WordEmbedding Words(string name, long rows, long width, bool asStored)
    {
        _words.Add(name);
        return base.Words(name, rows, width, asStored);
    }

    /// <inheritdoc/>
    public override Linear Linear(string name, int inputs, int outputs, bool hasBias)
    {
        _linears.Add(new LinearShape(name, inputs, outputs, hasBias));
        return base.Linear(name, inputs, outputs, hasBias);
    }

    /// <inheritdoc/>
    internal override Tensor Stored(string name, DType? type, params ReadOnlySpan<long> shape)
    {
        _kept.Add(name);
        _asked.Add(new TensorShape(name, shape.ToArray()));
        return empty(shape, (type ?? DType.Float32).ToScalarType(), META).DetachFromDisposeScope();
    }
}

/// <summary>A linear layer that a model takes from its checkpoint.</summary>
/// <param name="Name">The name in Hugging Face's spelling, without <c>.weight</c>.</param>
/// <param name="Inputs">Size of what goes in.</param>
/// <param name="Outputs">Size of what comes out.</param>
/// <param name="HasBias">Whether there is a bias.</param>
internal sealed record LinearShape(string Name, int Inputs, int Outputs, bool HasBias);

/// <summary>A tensor that a model takes from its checkpoint.</summary>
/// <param name="Name">The name in Hugging Face's spelling.</param>
/// <param name="Shape">Its shape.</param>
internal sealed record TensorShape(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>How many numbers it holds.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}
