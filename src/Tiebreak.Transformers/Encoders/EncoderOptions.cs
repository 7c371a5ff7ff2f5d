using Tiebreak.Transformers.Layers;

namespace Tiebreak.Transformers.Encoders;

/// <summary>Everything in which BERT, its relatives and DeBERTa differ.</summary>
internal sealed record EncoderOptions
{
    /// <summary>Entries of the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Size of a hidden state.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Size of a token's embedding; where it differs from the hidden size a projection follows.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>Whether that projection has a bias and follows the embedding's norm (ELECTRA), or has none and stands before it.</summary>
    public bool ProjectsAfterNorm { get; init; }

    /// <summary>Inner size of the feed-forward part.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>How many layers there are.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Attention heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Rows of the table of absolute positions; 0: there is none, and any length can be computed.</summary>
    public required int PositionRows { get; init; }

    /// <summary>The row of a sequence's first token; RoBERTa leaves the rows up to its padding id unused.</summary>
    public int FirstPosition { get; init; }

    /// <summary>Rows of the table of token types; 0: there is none. Where it is 1, all tokens are of that type.</summary>
    public int TokenTypes { get; init; }

    /// <summary>Added to the variance in every norm.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Inside the feed-forward part.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>In training: the share of the embedding, and of what each part adds to a hidden state, that is dropped.</summary>
    public double HiddenDropout { get; init; }

    /// <summary>In training: the share of attention's weights that are dropped.</summary>
    public double AttentionDropout { get; init; }

    /// <summary>DeBERTa's relative positions; null: plain attention.</summary>
    public RelativeOptions? Relative { get; init; }

    /// <summary>The convolution of DeBERTa-v2's first layer; null: none.</summary>
    public ConvolutionOptions? Convolution { get; init; }

    /// <summary>What tensors are called.</summary>
    public required EncoderNames Names { get; init; }
}
