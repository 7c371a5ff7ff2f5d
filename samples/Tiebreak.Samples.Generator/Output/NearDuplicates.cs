namespace Tiebreak.Samples.Generator.Output;

/// <summary>Finds prompts that resemble earlier ones: Jaccard similarity of their sets of three words in a row.</summary>
internal sealed class NearDuplicates
{
    private const int Words = 3;
    private readonly List<int> _sizes = [];
    private readonly Dictionary<string, List<int>> _holders = new(StringComparer.Ordinal);

    /// <summary>The highest similarity with any text added so far, from 0 to 1.</summary>
    public double Closest(string text)
    {
        var shingles = Shingles(text);
        var common = new Dictionary<int, int>();
        foreach (var shingle in shingles)
        {
            if (!_holders.TryGetValue(shingle, out var holders)) continue;
            foreach (var holder in holders) common[holder] = common.GetValueOrDefault(holder) + 1;
        }

        return common.Count == 0 ? 0 : common.Max(pair => pair.Value / (double)(shingles.Count + _sizes[pair.Key] - pair.Value));
    }

    /// <summary>Remembers a text.</summary>
    public void Add(string text)
    {
        var shingles = Shingles(text);
        foreach (var shingle in shingles)
        {
            if (!_holders.TryGetValue(shingle, out var holders)) _holders[shingle] = holders = [];
            holders.Add(_sizes.Count);
        }

        _sizes.Add(shingles.Count);
    }

    private static HashSet<string> Shingles(string text)
    {
        var words = new string([.. text.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var shingles = new HashSet<string>(StringComparer.Ordinal);

        // A prompt shorter than three words is a single shingle.
        if (words.Length <= Words) shingles.Add(string.Join(' ', words));
        for (var i = 0; i + Words <= words.Length; i++) shingles.Add(string.Join(' ', words.AsSpan(i, Words)!));
        return shingles;
    }
}
