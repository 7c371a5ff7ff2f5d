namespace Tiebreak.Transformers.Tuning.Pretraining;

/// <summary>
/// Masked language modelling on the texts of the battles, before the weights learn from votes
/// (https://arxiv.org/abs/1810.04805, https://arxiv.org/abs/2004.10964).
/// </summary>
internal sealed record MlmOptions
{
    /// <summary>Passes over the texts of all battles; 0: the model is tuned as it is.</summary>
    public double Epochs { get; init; }

    /// <summary>The share of the tokens that are to be guessed.</summary>
    public double Share { get; init; } = 0.15;

    /// <summary>Battles of a step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The learning rate of all weights at its height.</summary>
    public double LearningRate { get; init; } = 5e-5;
}
