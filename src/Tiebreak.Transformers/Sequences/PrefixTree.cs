namespace Tiebreak.Transformers.Sequences;

/// <summary>Finds for sequences, as they come, the earlier one that begins with most of the same tokens.</summary>
/// <param name="padding">See <see cref="PackedTokens.Padding"/>: the token that stands for a sequence is never shared.</param>
/// <param name="kept">Tokens that all sequences begin with and that are computed elsewhere; 0: none.</param>
internal sealed class PrefixTree(int? padding, int kept)
{
    /// <summary>
    /// Fewer tokens are not shared: attention copies the keys of a sequence that has a prefix, which takes about as long as computing so
    /// many tokens.
    /// </summary>
    public const int LeastShared = 16;

    private readonly List<(int[] Tokens, int Sequence)> _sorted = [];

    /// <summary>How many sequences there are.</summary>
    public int Count => _sorted.Count;

    /// <summary>Adds a sequence.</summary>
    /// <param name="tokens">Its tokens, with the kept ones.</param>
    /// <returns>What it shares with an earlier one; null: nothing beside the kept tokens.</returns>
    public SharedPrefix? Add(int[] tokens)
    {
        var place = ~_sorted.BinarySearch((tokens, Count), Comparer);
        var best = new SharedPrefix(-1, 0);
        foreach (var (other, sequence) in _sorted[Math.Max(0, place - 1)..Math.Min(Count, place + 1)])
        {
            var common = CommonLength(other, tokens);
            if (common > best.Length)
                best = new SharedPrefix(sequence, common);
        }

        _sorted.Insert(place, (tokens, Count));
        best = best with { Length = Math.Min(best.Length, PackedTokens.LastOf(tokens, padding)) };
        return best.Length >= kept + LeastShared ? best : null;
    }

    /// <summary>How many tokens two sequences begin with in common.</summary>
    public static int CommonLength(int[] one, int[] other) => one.AsSpan().CommonPrefixLength(other);

    /// <summary>The order of sequences by their tokens: those that begin alike are neighbours.</summary>
    public static int Compare(int[] one, int[] other) => one.AsSpan().SequenceCompareTo(other);

    // Equal sequences keep their order, so that no two entries are equal.
    private static Comparer<(int[] Tokens, int Sequence)> Comparer { get; } =
        Comparer<(int[] Tokens, int Sequence)>.Create((one, other) =>
            Compare(one.Tokens, other.Tokens) is not 0 and var order ? order : one.Sequence.CompareTo(other.Sequence));
}
