using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;

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

    /// <summary>Inner size of the feed-forward part where it has no experts; see <see cref="ExpertSize"/>.</summary>
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

    /// <summary>
    /// Position embeddings of the layers where these differ, null for a layer without; empty: every layer has <see cref="Rotary"/>.
    /// </summary>
    public IReadOnlyList<RotaryOptions?> LayerRotary { get; init; } = [];

    /// <summary>Every norm, those of queries and keys included.</summary>
    public required NormOptions Norm { get; init; }

    /// <summary>What is normalised of queries and keys.</summary>
    public QueryKeyNorm QueryKeyNorm { get; init; }

    /// <summary>Whether the feed-forward part reads what attention reads, and both are added at once (Cohere, GPT-NeoX).</summary>
    public bool IsParallel { get; init; }

    /// <summary>Factor of the embedding (Gemma: the square root of the hidden size; Granite).</summary>
    public double EmbeddingFactor { get; init; } = 1;

    /// <summary>Granite: factor of what attention and the feed-forward part add.</summary>
    public double ResidualFactor { get; init; } = 1;

    /// <summary>Factor of the language model's logits (Cohere, Granite).</summary>
    public double LogitFactor { get; init; } = 1;

    /// <summary>False: tokens see those after them too (ModernBERT).</summary>
    public bool IsCausal { get; init; } = true;

    /// <summary>What stands for a sequence.</summary>
    public TokenSelection Pooling { get; init; } = TokenSelection.LastToken;

    /// <summary>After the gate, or after the only half of the feed-forward part.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>Whether the projections to queries, keys and values have a bias.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Whether attention's output projection has a bias.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Whether the feed-forward part's projections have a bias.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>ModernBERT: the first layer has no norm before attention, because the embedding has one.</summary>
    public bool SkipsFirstNorm { get; init; }

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

    /// <summary>Inner size of an expert.</summary>
    public int ExpertSize { get; init; }

    /// <summary>Whether the shares of a token's experts are made to sum to 1.</summary>
    public bool NormalisesExpertShares { get; init; } = true;

    /// <summary>Layers that have one plain feed-forward part nevertheless.</summary>
    public IReadOnlyList<int> LayersWithoutExperts { get; init; } = [];

    /// <summary>In training: the share of the embedding that is dropped.</summary>
    public double EmbeddingDropout { get; init; }

    /// <summary>In training: the share of attention's weights that are dropped.</summary>
    public double AttentionDropout { get; init; }

    /// <summary>In training: the share of what attention and the feed-forward part add to a hidden state that is dropped.</summary>
    public double ResidualDropout { get; init; }

    /// <summary>In training: the share of the feed-forward part's inner state that is dropped.</summary>
    public double FeedForwardDropout { get; init; }

    /// <summary>Whether the language model's head is the embedding.</summary>
    public bool TiesEmbedding { get; init; }

    /// <summary>What tensors are called.</summary>
    public DecoderNames Names { get; init; } = new();

    /// <summary>The position embedding of one layer; null: it has none.</summary>
    public RotaryOptions? RotaryOf(int layer) => LayerRotary.Count == 0 ? Rotary : LayerRotary[layer];

    /// <summary>Whether a layer has experts.</summary>
    public bool HasExperts(int layer) => Experts > 0 && !LayersWithoutExperts.Contains(layer);

    /// <summary>The norm before attention in one layer; null: none.</summary>
    public string? AttentionNormOf(int layer) => layer == 0 && SkipsFirstNorm ? null : Names.AttentionNorm;

    /// <summary>Attention in one layer.</summary>
    public AttentionOptions AttentionOf(int layer) => new()
    {
        IsCausal = IsCausal,
        Scale = AttentionScale ?? 1 / Math.Sqrt(HeadDimension),
        Softcap = AttentionSoftcap,
        Window = Windows.Count == 0 ? null : Windows[layer],
    };
}
