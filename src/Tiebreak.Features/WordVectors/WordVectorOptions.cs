namespace Tiebreak.Features.WordVectors;

/// <summary>How word vectors are trained.</summary>
internal sealed record WordVectorOptions
{
    /// <summary>Numbers in a vector, a multiple of 8.</summary>
    public int Dimensions { get; init; } = 48;

    /// <summary>Most words kept, the most frequent ones.</summary>
    public int MaxWords { get; init; } = 10_000;

    /// <summary>Fewest occurrences of a word.</summary>
    public int MinCount { get; init; } = 5;

    /// <summary>Words on each side that count as neighbours.</summary>
    public int Window { get; init; } = 5;

    /// <summary>Random words that each neighbour is told apart from.</summary>
    public int Negatives { get; init; } = 5;

    /// <summary>
    /// Running words that are learned from, over all passes; of larger collections an even sample. One core reads about a million in two
    /// seconds.
    /// </summary>
    public int TrainingWords { get; init; } = 2_000_000;

    /// <summary>L2 penalty of the linear model over the vectors; see <see cref="TermVectors.PairLinearTrainer"/>.</summary>
    public double L2 { get; init; } = 16;
}
