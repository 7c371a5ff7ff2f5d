namespace Tiebreak.Transformers.Heads;

/// <summary>The heads that published checkpoints carry.</summary>
public enum HeadKind
{
    /// <summary>Labels, or one reward: <see cref="ClassifierHead"/>.</summary>
    Classifier,

    /// <summary>The next token: <see cref="GeneratorHead"/>.</summary>
    Generator,

    /// <summary>
    /// Labels from two sides that were read apart: <see cref="SiameseHead"/>. No configuration says so; it must be asked for.
    /// </summary>
    Siamese,

    /// <summary>None: hidden states are all that is wanted.</summary>
    None,
}
