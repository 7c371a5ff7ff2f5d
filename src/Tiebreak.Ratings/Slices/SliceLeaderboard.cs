namespace Tiebreak.Ratings.Slices;

/// <summary>The leaderboard of a slice of the votes, compared with the rest.</summary>
public sealed record SliceLeaderboard
{
    /// <summary>What the votes have in common.</summary>
    public required string Slice { get; init; }

    /// <summary>The number of votes.</summary>
    public required int Votes { get; init; }

    /// <summary>The share of ties among them, both bad included.</summary>
    public required double TieShare { get; init; }

    /// <summary>The models, by rating in the slice; empty if it cannot be compared.</summary>
    public required IReadOnlyList<SliceRating> Ratings { get; init; }

    /// <summary>Why it could not be compared, or which models could not.</summary>
    public string? Note { get; init; }

    /// <summary>Wald's statistic of all differences together; NaN if it cannot be compared.</summary>
    public double ChiSquared { get; init; } = double.NaN;

    /// <summary>Its degrees of freedom.</summary>
    public int DegreesOfFreedom { get; init; }

    /// <summary>The probability of so large a statistic if the slice ranks models as the rest does; NaN if it cannot be compared.</summary>
    public double PValue { get; init; } = double.NaN;
}
