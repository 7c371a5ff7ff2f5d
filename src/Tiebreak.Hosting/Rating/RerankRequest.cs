namespace Tiebreak.Hosting.Rating;

/// <summary>Texts that are ranked for a query, as clients of text-embeddings-inference send them.</summary>
/// <param name="Query">The query: what the person asked.</param>
/// <param name="Texts">One to sixteen texts.</param>
internal sealed record RerankRequest(string Query, IReadOnlyList<string> Texts)
{
    /// <summary>True for strengths, false for their logistic function.</summary>
    public bool RawScores { get; init; }

    /// <summary>Whether the texts are sent back.</summary>
    public bool ReturnText { get; init; }

    /// <summary>Read and not used: what a judge cannot read of a text, it leaves out as when it was trained.</summary>
    public bool? Truncate { get; init; }

    /// <summary>Read and not used, as <see cref="Truncate"/>.</summary>
    public string? TruncationDirection { get; init; }
}

/// <summary>A text and its score.</summary>
/// <param name="Index">Its place in the request, from 0 on.</param>
/// <param name="Score">
/// The logistic function of its Bradley-Terry strength: the probability that it is preferred to a text of mean strength. Or the strength.
/// </param>
/// <param name="Text">The text, where it was asked for.</param>
internal sealed record RerankHit(int Index, double Score, string? Text);
