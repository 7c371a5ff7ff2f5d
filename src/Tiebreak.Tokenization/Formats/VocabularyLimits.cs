namespace Tiebreak.Tokenization.Formats;

/// <summary>What no tokenizer exceeds: a file that does is damaged or hostile.</summary>
internal static class VocabularyLimits
{
    /// <summary>Token ids are below this.</summary>
    public const int MaxIds = 8_000_000;

    /// <summary>Longest token, in bytes.</summary>
    public const int MaxTokenBytes = 4096;
}
