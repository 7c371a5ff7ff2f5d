namespace Tiebreak.Transformers.Encoders;

/// <summary>Relative positions of disentangled attention.</summary>
internal sealed record RelativeOptions
{
    /// <summary>
    /// Distances are told apart on each side: half of them exactly, the rest in buckets that grow with the logarithm. 0: no buckets.
    /// </summary>
    public required int Buckets { get; init; }

    /// <summary>The distance that fills the last bucket, in tokens; without buckets the largest that is told apart.</summary>
    public required int MaxDistance { get; init; }

    /// <summary>Whether content scores position.</summary>
    public required bool ContentToPosition { get; init; }

    /// <summary>Whether position scores content.</summary>
    public required bool PositionToContent { get; init; }

    /// <summary>Whether positions pass the projections of content, or have their own.</summary>
    public required bool SharesProjections { get; init; }

    /// <summary>Whether the embeddings of positions are normalised.</summary>
    public required bool NormalisesEmbeddings { get; init; }

    /// <summary>Positions on each side; the table of embeddings has twice as many rows.</summary>
    public int Span => Buckets > 0 ? Buckets : MaxDistance;

    /// <summary>Scores that are added up: content, and those of positions.</summary>
    public int Terms => 1 + (ContentToPosition ? 1 : 0) + (PositionToContent ? 1 : 0);
}
