namespace Tiebreak.Transformers;

/// <summary>What the linear layers of a model are computed with.</summary>
public enum LinearCompute
{
    /// <summary>The floating-point type of the model; packed weights are unpacked to it, a layer at a time.</summary>
    Float,

    /// <summary>
    /// Products in int8 (W8A8): weights rounded with a scale an output, activations with a scale a token, as they come. Heads stay in
    /// floating point. Faster and a quarter of float32's memory; costs accuracy, which differs from model to model:
    /// <see cref="PreferenceDrift"/> measures it.
    /// </summary>
    Int8,
}
