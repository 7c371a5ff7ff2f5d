using Tiebreak.Torch;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights.Quantized;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Weights;

/// <summary>
/// Where the parts of a model get their weights: a checkpoint, or a plan that only notes what is asked for. Names and shapes are stated
/// once, by the part that uses them.
/// </summary>
internal abstract class WeightSource
{
    /// <summary>Where tensors live.</summary>
    public abstract Device Device { get; }

    /// <summary>What the model computes with.</summary>
    public virtual DType Type => DType.Float32;

    /// <summary>True if a tensor of this name is there to be taken.</summary>
    public abstract bool Has(string name);

    /// <summary>The first size of a tensor that is there; null where it is not, or nothing is known of it.</summary>
    public virtual long? RowsOf(string name) => null;

    /// <summary>A tensor in the type that the model computes with. It belongs to the caller and to no dispose scope.</summary>
    /// <param name="name">The full name in Hugging Face's spelling.</param>
    /// <param name="shape">The shape it must have.</param>
    public abstract Tensor Tensor(string name, params ReadOnlySpan<long> shape);

    /// <summary>
    /// A table of which rows are picked, and never multiplied as a whole: in the type that it is stored with, so that it can stay in the
    /// mapped file. Rows are converted when they are picked.
    /// </summary>
    /// <param name="name">The full name in Hugging Face's spelling.</param>
    /// <param name="rows">How many rows it must have.</param>
    /// <param name="width">Elements of a row.</param>
    public virtual Tensor Table(string name, long rows, long width) => Tensor(name, rows, width);

    /// <summary>The embedding of words, or the matrix of a language model's head.</summary>
    /// <param name="name">The full name in Hugging Face's spelling.</param>
    /// <param name="rows">How many rows it must have.</param>
    /// <param name="width">Elements of a row.</param>
    /// <param name="asStored">Whether it may stay in the type that it is stored with; see <see cref="Table"/>.</param>
    internal virtual WordEmbedding Words(string name, long rows, long width, bool asStored) =>
        new(asStored ? Table(name, rows, width) : Tensor(name, rows, width));

    /// <summary>How linear layers are quantised; null: their weights are plain.</summary>
    private protected virtual QuantizedLayout? Quantization => null;

    /// <summary>
    /// True where the files store linear layers in int8, so that one whose weight is plain was left so because it loses too much in int8.
    /// </summary>
    internal virtual bool StoresInt8 => false;

    /// <summary>A tensor as it is stored: a part of a quantised weight. It belongs to the caller and to no dispose scope.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="type">The type that it must have; null: any floating-point type.</param>
    /// <param name="shape">The shape it must have.</param>
    internal virtual Tensor Stored(string name, DType? type, params ReadOnlySpan<long> shape) =>
        throw new NotSupportedException("This source holds no packed weights.");

    /// <summary>A linear layer, with a plain weight or a quantised one.</summary>
    /// <param name="name">Its name; <c>.weight</c> and <c>.bias</c> are added.</param>
    /// <param name="inputs">Size of what goes in.</param>
    /// <param name="outputs">Size of what comes out.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    public virtual Linear Linear(string name, int inputs, int outputs, bool hasBias)
    {
        if (Quantization is not { } quantization || !quantization.Holds(this, name))
            return new DenseLinear(Tensor($"{name}.weight", outputs, inputs), hasBias ? Tensor($"{name}.bias", outputs) : null);

        // Some programs store a bias of zeros for quantised layers that have none.
        hasBias |= Has($"{name}.bias");
        var weight = quantization.Open(this, new LinearShape(name, inputs, outputs, hasBias));
        return new QuantizedLinear(weight, hasBias ? Tensor($"{name}.bias", outputs) : null);
    }

    /// <summary>
    /// A linear layer of rows of every token: where nothing learns and the processor has products for it, a <see cref="BlockLinear"/>, so
    /// that layers that follow each other can be computed together.
    /// </summary>
    /// <param name="name">Its name; <c>.weight</c> and <c>.bias</c> are added.</param>
    /// <param name="inputs">Size of what goes in.</param>
    /// <param name="outputs">Size of what comes out.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    internal virtual Linear LaidOutLinear(string name, int inputs, int outputs, bool hasBias) => Linear(name, inputs, outputs, hasBias);

    /// <summary>A dropout layer; it drops nothing but in a model whose weights learn.</summary>
    /// <param name="probability">The share of elements that are dropped, from 0 to below 1.</param>
    internal virtual Dropout Dropout(double probability) => Layers.Dropout.None;

    /// <summary>The prefix of names: one of several spellings, or none where the checkpoint was saved without head.</summary>
    /// <param name="prefixes">Prefixes with their dots, the usual one first: <c>bert.</c></param>
    /// <param name="name">A tensor that every checkpoint of the family has.</param>
    /// <returns>The prefix under which the tensor is there; if it is nowhere, the usual one.</returns>
    public string Prefix(IReadOnlyList<string> prefixes, string name) =>
        prefixes.Append("").FirstOrDefault(prefix => Has(prefix + name)) ?? prefixes[0];
}
