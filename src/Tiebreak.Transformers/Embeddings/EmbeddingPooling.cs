namespace Tiebreak.Transformers.Embeddings;

/// <summary>How the hidden states of a text become one vector.</summary>
public enum EmbeddingPooling
{
    /// <summary>The mean over all tokens, special ones included.</summary>
    Mean,

    /// <summary>The token that heads read: the first of an encoder, the last of a decoder.</summary>
    Token,
}
