namespace Tiebreak.Runs.Planning;

/// <summary>How large shards are. Small ones lose less to a crash, large ones cost fewer files.</summary>
/// <param name="Tokens">Estimated tokens of a shard; a battle that has more is a shard of its own.</param>
/// <param name="Rows">The most battles of a shard.</param>
public readonly record struct ShardSize(long Tokens, int Rows)
{
    /// <summary>400,000 tokens (about 500 ordinary battles), at most 2,000 battles: the same on every machine.</summary>
    public static ShardSize Standard { get; } = new(400_000, 2_000);
}
