namespace Tiebreak.Transformers.Heads;

/// <summary>What makes numbers of hidden states.</summary>
internal enum HeadKind
{
    /// <summary>Labels of the pair: <see cref="ClassifierHead"/>. Published classifiers say so; their reward models too.</summary>
    Classifier,

    /// <summary>The next token: <see cref="GeneratorHead"/>. Published language models say so.</summary>
    Generator,

    /// <summary>
    /// Labels from two sides that were read apart: <see cref="SiameseHead"/>. No configuration says so; it must be asked for.
    /// </summary>
    Siamese,

    /// <summary>A score for each side, read apart: <see cref="RewardHead"/> over a classifier of one output.</summary>
    Reward,

    /// <summary>One number for the pair, how far A is ahead: a <see cref="ClassifierHead"/> of one output.</summary>
    Regression,

    /// <summary>
    /// The states of both sides, read apart: <see cref="StateHead"/> over a model that is loaded without a head. A probe that was fitted
    /// on votes reads them.
    /// </summary>
    Probe,

    /// <summary>None: hidden states are all that is wanted.</summary>
    None,
}
