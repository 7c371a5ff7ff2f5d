namespace Tiebreak.Transformers.Layers;

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
