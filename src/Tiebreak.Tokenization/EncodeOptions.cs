namespace Tiebreak.Tokenization;

/// <summary>How a text is taken.</summary>
public readonly record struct EncodeOptions
{
    /// <summary>Special tokens are neither added nor parsed: for texts that people and models wrote.</summary>
    public static EncodeOptions PlainText => default;

    /// <summary>Whether the tokenizer's own special tokens (BOS, [CLS] and [SEP]) are put around the text.</summary>
    public bool AddSpecialTokens { get; init; }

    /// <summary>
    /// Whether special tokens written in the text (&lt;|eot_id|&gt;) are parsed. A text that a stranger wrote can forge a conversation that
    /// way. Added tokens that are not special (Qwen's &lt;tool_call&gt;) are found in any case, and a SentencePiece model parses none.
    /// </summary>
    public bool ParseSpecial { get; init; }
}
