namespace Tiebreak.Transformers.Planning;

/// <summary>The sizes of one layer that decide its arithmetic and its intermediate results.</summary>
internal sealed record LayerShape
{
    // PackedAttention's block of queries.
    private const int QueryBlock = 256;

    /// <summary>Size of a hidden state.</summary>
    public required int Hidden { get; init; }

    /// <summary>Inner size of the feed-forward part, of all experts that a token passes.</summary>
    public required int Intermediate { get; init; }

    /// <summary>Most tokens of which the feed-forward part is computed at once; null: all.</summary>
    public int? FeedForwardTokens { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Elements of a head.</summary>
    public required int HeadDimension { get; init; }

    /// <summary>Heads of keys and values.</summary>
    public required int KeyHeads { get; init; }

    /// <summary>Whether a token sees only itself and those before it.</summary>
    public bool IsCausal { get; init; }

    /// <summary>A window a layer, in tokens, to both sides where tokens see both ways; null: everything. Empty: no layer has one.</summary>
    public IReadOnlyList<int?> Windows { get; init; } = [];

    /// <summary>Products that scores are the sum of: DeBERTa's have one or two for positions.</summary>
    public int ScoreTerms { get; init; } = 1;

    /// <summary>Floating-point operations of scores and of mixing values, in the mean of all layers.</summary>
    /// <param name="tokens">Tokens of a sequence.</param>
    public double AttentionOperations(int tokens)
    {
        var pairs = Windows.Count == 0 ? Pairs(tokens, null) : Windows.Average(window => Pairs(tokens, window));
        return 2.0 * (ScoreTerms + 1) * pairs * Heads * HeadDimension;
    }

    /// <summary>Bytes of what lives at once in a layer, at its widest place.</summary>
    /// <param name="tokens">Tokens of the batch.</param>
    /// <param name="longest">Tokens of its longest sequence.</param>
    /// <param name="elementBytes">Bytes of a number.</param>
    public double ActivationBytes(int tokens, int longest, int elementBytes)
    {
        // Feed-forward: gate, up, the activated gate and their product; attention: queries and keys before and after their rotation,
        // values, the result, and for one block of queries the scores (with a copy where they are capped), in float32 while they are
        // normalised, and rounded.
        var feedForward = 4.0 * Math.Min(tokens, FeedForwardTokens ?? tokens) * Intermediate * elementBytes;
        var projected = tokens * (double)HeadDimension * ((3 * Heads) + (3 * KeyHeads)) * elementBytes;
        var scores = (double)Math.Min(QueryBlock, longest) * longest * Heads * ((2 * elementBytes) + sizeof(float)) * ScoreTerms;
        return (4.0 * tokens * Hidden * elementBytes) + Math.Max(feedForward, projected + scores);
    }

    private double Pairs(int tokens, int? window)
    {
        var before = tokens * (tokens + 1.0) / 2; // each token with itself and those before it
        if (window is { } width && tokens > width)
            before -= (tokens - width) * (tokens - width + 1.0) / 2;
        return IsCausal ? before : (2 * before) - tokens;
    }
}
