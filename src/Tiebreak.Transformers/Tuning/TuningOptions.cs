using System.Text.Json.Serialization;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Tuning.Noise;
using Tiebreak.Transformers.Tuning.Pretraining;

namespace Tiebreak.Transformers.Tuning;

/// <summary>The recipe's section <c>tuning</c>: how a transformer's weights learn from votes.</summary>
internal sealed record TuningOptions
{
    private const double RoundingOfNorm = 1e-6; // as PyTorch's clip_grad_norm_

    /// <summary>What learns: <c>none</c>, <c>full</c> (all weights, or those of <see cref="Layers"/>), <c>lora</c> (an adapter).</summary>
    public string Method { get; init; } = "none";

    /// <summary>What the model learns of the texts alone, before all else.</summary>
    public MlmOptions Mlm { get; init; } = new();

    /// <summary>The adapter of the method <c>lora</c>.</summary>
    public LoraOptions Lora { get; init; } = new();

    /// <summary>
    /// Tokens whose embeddings learn while those of others stay: special ones, spare ones of the vocabulary, or new ones, which then begin
    /// as the mean of all. Null: none. With the method <c>full</c> and all layers the whole embedding learns, that of new tokens too.
    /// </summary>
    public IReadOnlyList<string>? Tokens { get; init; }

    /// <summary>Layers that learn, from 0, or from -1 for the last one downwards; null: all. The head always learns.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>Passes over the target's battles, or over all where <see cref="OtherEpochs"/> is null.</summary>
    public double Epochs { get; init; } = 1;

    /// <summary>Passes over the battles of other sources before those of the target; 0: none; null: all are mixed.</summary>
    public double? OtherEpochs { get; init; }

    /// <summary>How much a battle of another source counts, where one of the target counts 1.</summary>
    public double OtherWeight { get; init; } = 1;

    /// <summary>
    /// How much a battle of a source counts, by the name of the source; null or a name that is missing: 1. Battles without vote that
    /// teachers have labelled are of the source <c>pseudo-labels</c>.
    /// </summary>
    public IReadOnlyDictionary<string, double>? SourceWeights { get; init; }

    /// <summary>
    /// A battle's weight is divided by the number of battles about its prompt to this power: 0, all count alike; 1, all prompts do.
    /// </summary>
    public double PromptPower { get; init; }

    /// <summary>
    /// What is learned: <c>label</c> (the vote or soft label), <c>annotators</c> (the shares of the single votes where there are several).
    /// </summary>
    public string Targets { get; init; } = "label";

    /// <summary>What is learned from other judges, where there are teachers.</summary>
    public DistillationOptions Distillation { get; init; } = new();

    /// <summary>
    /// In which order of A and B a battle is shown: <c>as_given</c>, <c>coin</c> (one of both by chance in every pass), <c>rows</c> (each
    /// order is an example of its own), <c>together</c> (both in one step, each with half the weight).
    /// </summary>
    public string Orders { get; init; } = "rows";

    /// <summary>Examples of a step.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Most tokens that are computed together; a step is computed in as many parts as that takes, with the same result.</summary>
    public int BatchTokens { get; init; } = 4096;

    /// <summary>The learning rate of the backbone or the adapter at its height.</summary>
    public double LearningRate { get; init; } = 2e-5;

    /// <summary>That of the head; null: <see cref="LearningRate"/>.</summary>
    public double? HeadLearningRate { get; init; }

    /// <summary>The factor of the learning rate from a layer to the one below it; the embeddings are below the first.</summary>
    public double LayerDecay { get; init; } = 1;

    /// <summary>How the learning rate falls after warm-up: <c>cosine</c>, <c>linear</c> (both to 0), <c>constant</c>.</summary>
    public string Schedule { get; init; } = "cosine";

    /// <summary>Steps in which the learning rate rises: below 1 a share of all steps, from 1 on their number.</summary>
    public double Warmup { get; init; } = 0.1;

    /// <summary>The share of every matrix that is taken away in a step, in units of the learning rate.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>What the mean of gradients keeps of its past in a step.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>What the mean of squared gradients keeps of its past in a step.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the divisor of a step.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The longest gradient of a step; a longer one is shortened to it. Null: any length.</summary>
    public double? ClipNorm { get; init; } = 1;

    /// <summary>The share of every target that is spread over A, B and tie.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>By what power of 1 - p an answer of probability p loses weight (focal loss): 0, or 1 and more.</summary>
    public double FocalGamma { get; init; }

    /// <summary>The share that is dropped of hidden states, of attention and before the head; null: the model's own.</summary>
    public double? Dropout { get; init; }

    /// <summary>The share of the tokens that a step leaves out of its texts.</summary>
    public double WordDropout { get; init; }

    /// <summary>How probable it is that a step leaves a turn out that is not the last one.</summary>
    public double TurnDropout { get; init; }

    /// <summary>A second gradient of every step, where the loss is larger.</summary>
    public AdversarialOptions Adversarial { get; init; } = new();

    /// <summary>
    /// What a moving average of the weights keeps of its past in a step; the judge then has the averages. 0: it has the weights.
    /// </summary>
    public double Ema { get; init; }

    /// <summary>Whether the backward pass computes layers again instead of keeping their insides: less memory, a third more time.</summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>How often in a pass the model is asked about battles that it does not learn from.</summary>
    public int EvaluationsPerEpoch { get; init; } = 1;

    /// <summary>The weights that are kept: <c>last</c>, or <c>best</c>: those of the evaluation with the lowest log loss.</summary>
    public string Keep { get; init; } = "last";

    /// <summary>
    /// With folds, what the judge is: <c>fit</c> (trained on all battles) or <c>average</c> (it has the mean of the folds' weights, and is
    /// not trained itself; https://arxiv.org/abs/2203.05482).
    /// </summary>
    public string Final { get; init; } = "fit";

    /// <summary>Minutes between two checkpoints in the work folder; 0: one after every step.</summary>
    public double CheckpointMinutes { get; init; } = 10;

    /// <summary>The optimiser's part of these options.</summary>
    [JsonIgnore]
    public AdamWOptions AdamW => new() { MeanDecay = Beta1, SquareDecay = Beta2, Epsilon = Epsilon };

    /// <summary>What a gradient is multiplied by, so that it is no longer than <see cref="ClipNorm"/>.</summary>
    /// <param name="norm">Its length.</param>
    public double ClipFactor(double norm) => ClipNorm is { } longest ? Math.Min(1, longest / (norm + RoundingOfNorm)) : 1;
}

/// <summary>A new adapter of low rank (https://arxiv.org/abs/2106.09685).</summary>
internal sealed record LoraOptions
{
    /// <summary>The rank.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>The adapter's output is multiplied by alpha / rank.</summary>
    public double Alpha { get; init; } = 32;

    /// <summary>The share of the adapter's input that is dropped.</summary>
    public double Dropout { get; init; } = 0.05;

    /// <summary>Linear layers that get one, by the last parts of their names, or <c>all-linear</c>.</summary>
    public IReadOnlyList<string> Targets { get; init; } = ["all-linear"];

    /// <summary>Divides alpha by the root of the rank instead (rsLoRA, https://arxiv.org/abs/2312.03732).</summary>
    public bool Rslora { get; init; }

    /// <summary>Learns the length of rows apart from their direction (DoRA, https://arxiv.org/abs/2402.09353).</summary>
    public bool Dora { get; init; }

    /// <summary>How much faster the second matrix learns than the first (LoRA+, https://arxiv.org/abs/2402.12354).</summary>
    public double BRatio { get; init; } = 1;
}
