using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tiebreak.Runs.Planning;

/// <summary>Cuts rows into shards of about the same work. The same rows and sizes give the same shards everywhere.</summary>
internal static class ShardCutter
{
    /// <summary>All rows, the costly ones first; battles of one length are neighbours, as judges that work in batches like it.</summary>
    public static int[] LongestFirst(IReadOnlyList<long> tokens)
    {
        var order = Enumerable.Range(0, tokens.Count).ToArray();
        Array.Sort(order, (one, other) => tokens[one] != tokens[other] ? tokens[other].CompareTo(tokens[one]) : one.CompareTo(other));
        return order;
    }

    /// <summary>Cuts, in the order that is given.</summary>
    public static Shard[] Cut(RunPass pass, ReadOnlySpan<int> order, IReadOnlyList<long> tokens, ShardSize size)
    {
        var shards = new List<Shard>();
        for (var start = 0; start < order.Length;)
        {
            var (end, sum) = (start, 0L);
            while (end < order.Length && end - start < size.Rows && (end == start || sum + tokens[order[end]] <= size.Tokens))
                sum += tokens[order[end++]];
            shards.Add(new Shard(pass, shards.Count, order[start..end].ToArray(), sum));
            start = end;
        }

        return [.. shards];
    }

    /// <summary>SHA-256 of an order of rows, which two workers must agree on.</summary>
    public static string Hash(ReadOnlySpan<int> order)
    {
        var bytes = new byte[order.Length * sizeof(int)];
        for (var i = 0; i < order.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), order[i]);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}

/// <summary>How large shards are. Small ones lose less to a crash, large ones cost fewer files.</summary>
/// <param name="Tokens">Estimated tokens of a shard; a battle that has more is a shard of its own.</param>
/// <param name="Rows">The most battles of a shard.</param>
public readonly record struct ShardSize(long Tokens, int Rows)
{
    /// <summary>400,000 tokens (about 500 ordinary battles), at most 2,000 battles: the same on every machine.</summary>
    public static ShardSize Standard { get; } = new(400_000, 2_000);
}
