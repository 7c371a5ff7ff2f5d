namespace Tiebreak.Tokenization.Vocabularies;

/// <summary>A token that is looked for in the text itself, before the model sees it.</summary>
internal sealed record AddedToken
{
    /// <summary>The text of the token.</summary>
    public required string Content { get; init; }

    public required int Id { get; init; }

    /// <summary>
    /// A control token such as &lt;s&gt;: found only where special tokens are parsed, and left out of decoded text on request.
    /// </summary>
    public bool IsSpecial { get; init; }

    /// <summary>Looked for in the normalised text instead of the original.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>Found only where no word character touches it.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Takes the white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Takes the white space behind it.</summary>
    public bool StripsRight { get; init; }
}
