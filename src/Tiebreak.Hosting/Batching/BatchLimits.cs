namespace Tiebreak.Hosting.Batching;

/// <summary>How much is judged at once, and how much may wait.</summary>
internal sealed record BatchLimits
{
    /// <summary>Most battles of a batch.</summary>
    public int BatchBattles { get; init; } = 256;

    /// <summary>Most tokens of a batch, as estimated; a battle that alone has more is a batch of its own.</summary>
    public long BatchTokens { get; init; } = 16_384;

    /// <summary>Most battles that wait.</summary>
    public int QueueBattles { get; init; } = 4096;

    /// <summary>Most tokens that wait, as estimated, so that the queue holds a bounded amount of text.</summary>
    public long QueueTokens { get; init; } = 16L * 1024 * 1024;

    /// <summary>How long a caller waits that does not say.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
