using Tiebreak.Transformers.Layers;

namespace Tiebreak.Transformers.Decoders;

/// <summary>
/// Everything in which the decoders that people publish differ. A family maps its configuration to this; see docs/transformers.md.
/// </summary>
internal sealed record DecoderOptions
{
    /// <summary>Entries of the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Size of a hidden state.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Inner size of the feed-forward part (of one expert, where there are experts).</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>How many layers there are.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of keys and values; each serves the same number of query heads (https://arxiv.org/abs/2305.13245).</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Elements of a head.</summary>
    public required int HeadDimension { get; init; }

    /// <summary>The longest sequence that the model was made for, in tokens.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Position embedding.</summary>
    public required RotaryOptions Rotary { get; init; }

    /// <summary>Added to the mean square in every norm.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Gemma: norms multiply by 1 + w.</summary>
    public bool NormAddsOne { get; init; }

    /// <summary>Gemma: embeddings are multiplied by the square root of the hidden size.</summary>
    public bool ScalesEmbedding { get; init; }

    /// <summary>Between gate and down projection.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>Whether the projections to queries, keys and values have a bias.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Whether attention's output projection has a bias.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Whether the feed-forward part's projections have a bias.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>How queries, keys and values are stored.</summary>
    public QueryKeyValueLayout QueryKeyValueLayout { get; init; }

    /// <summary>Factor of attention scores; null: 1 / sqrt(head dimension).</summary>
    public double? AttentionScale { get; init; }

    /// <summary>Gemma 2: soft cap of attention scores.</summary>
    public double? AttentionSoftcap { get; init; }

    /// <summary>Gemma 2: soft cap of the language model's logits; no other head uses it.</summary>
    public double? FinalSoftcap { get; init; }

    /// <summary>A window a layer, in tokens; null: the layer sees everything before. Empty: no layer has one.</summary>
    public IReadOnlyList<int?> Windows { get; init; } = [];

    /// <summary>Mixture of experts (https://arxiv.org/abs/2401.04088): how many; 0: one plain feed-forward part.</summary>
    public int Experts { get; init; }

    /// <summary>How many experts a token passes.</summary>
    public int ExpertsPerToken { get; init; }

    /// <summary>In training: the share of attention's weights that are dropped.</summary>
    public double AttentionDropout { get; init; }

    /// <summary>In training: the share of what attention and the feed-forward part add to a hidden state that is dropped.</summary>
    public double ResidualDropout { get; init; }

    /// <summary>Whether the language model's head is the embedding.</summary>
    public bool TiesEmbedding { get; init; }

    /// <summary>What tensors are called.</summary>
    public DecoderNames Names { get; init; } = new();

    /// <summary>Attention in one layer.</summary>
    public AttentionOptions AttentionOf(int layer) => new()
    {
        Scale = AttentionScale ?? 1 / Math.Sqrt(HeadDimension),
        Softcap = AttentionSoftcap,
        Window = Windows.Count == 0 ? null : Windows[layer],
    };
}
