using Tiebreak.Core.Randomness;
using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Operators;
using Tiebreak.Torch.Quantization;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// Dropout (https://jmlr.org/papers/v15/srivastava14a.html): while a model trains, elements become zero with a probability and the others
/// grow by 1 / (1 - probability). Otherwise nothing happens. Which elements follows from the batch's seed and the layer's number alone, so
/// that a layer that is computed again (gradient checkpointing) drops the same ones.
/// </summary>
internal sealed class Dropout
{
    private readonly double _probability;
    private readonly DropoutSwitch? _switch;
    private readonly int _number;

    /// <param name="probability">From 0 to below 1.</param>
    /// <param name="dropoutSwitch">Says when a model trains; null: never.</param>
    /// <param name="number">The layer's number among those of the switch.</param>
    public Dropout(double probability, DropoutSwitch? dropoutSwitch, int number) =>
        (_probability, _switch, _number) = (probability, dropoutSwitch, number);

    /// <summary>Drops nothing.</summary>
    public static Dropout None { get; } = new(0, dropoutSwitch: null, number: 0);

    /// <summary>Whether elements are dropped now.</summary>
    public bool IsOn => _probability > 0 && _switch?.Seed is not null;

    /// <summary>Drops elements.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="part">The number of the call in a batch, where a layer is computed in parts.</param>
    /// <returns>The input itself where nothing is dropped.</returns>
    public Tensor Forward(Tensor input, int part = 0)
    {
        if (!IsOn)
            return input;
        if (TensorMemory.HoldsPlain(input))
            return DroppedElements.Of(input, MaskOf(part)!.Value);

        using var scope = NewDisposeScope();
        using var generator = new Generator(SeedOf(part), input.device);
        var factors = empty_like(input).bernoulli_(1 - _probability, generator).DivideInPlace(1 - _probability);
        return input.mul(factors).MoveToOuterDisposeScope();
    }

    /// <summary>The factors of the elements, for kernels; null where nothing is dropped.</summary>
    /// <param name="part">The number of the call in a batch, where a layer is computed in parts.</param>
    public DropoutMask? MaskOf(int part) => IsOn ? new DropoutMask(_probability, SeedOf(part)) : null;

    private ulong SeedOf(int part) => new SeededRandom(_switch!.Seed!.Value, ((ulong)_number << 32) | (uint)part).NextUInt64();
}

/// <summary>Turns the dropout of a model on and off.</summary>
internal sealed class DropoutSwitch
{
    private int _layers;

    /// <summary>The seed of the batch that is learned from, another for each batch; null: nothing is dropped.</summary>
    public ulong? Seed { get; set; }

    /// <summary>Makes the next layer of the model.</summary>
    /// <param name="probability">The share of elements that are dropped, from 0 to below 1.</param>
    public Dropout Create(double probability) => new(probability, this, _layers++);
}
