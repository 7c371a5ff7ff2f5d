namespace Tiebreak.Transformers.Heads;

/// <summary>The heads that published checkpoints carry.</summary>
public enum HeadKind
{
    /// <summary>Labels, or one reward: <see cref="ClassifierHead"/>.</summary>
    Classifier,

    /// <summary>The next token: <see cref="GeneratorHead"/>.</summary>
    Generator,
}
