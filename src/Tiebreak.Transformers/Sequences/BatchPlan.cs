namespace Tiebreak.Transformers.Sequences;

/// <summary>
/// Rows in batches, such that tokens with which several sequences begin are computed once: the prompt of both orders of a battle, or of
/// several responses, a rubric before all rows. Rows that begin alike lie in the same batch; what all rows begin with is computed before
/// the first batch, where there are several, and kept.
/// </summary>
internal sealed class BatchPlan
{
    // Of fewer tokens, keeping keys and values from batch to batch saves nothing that shows.
    private const int LeastKept = 64;

    private readonly TokenSequence[][] _rows;
    private readonly int[][] _keys; // the tokens of each row's first sequence
    private readonly int _budget;
    private readonly PrefixSharing? _sharing;

    private BatchPlan(IReadOnlyList<TokenSequence[]> rows, int budget, PrefixSharing? sharing)
    {
        (_rows, _budget) = ([.. rows], budget);
        GivenTokens = _rows.Sum(row => row.Sum(sequence => (long)sequence.Tokens.Count));
        var isWithin = _rows.All(row => Array.TrueForAll(row, sequence => sequence.Tokens.Count <= (sharing?.LengthLimit ?? int.MaxValue)));
        _sharing = isWithin ? sharing : null;
        _keys = _sharing is null ? [] : Array.ConvertAll(_rows, row => TokensOf(row[0]));
        Batches = [.. Pack(_sharing is null ? [.. _rows.Select((_, row) => new[] { row })] : Groups(), kept: 0)];
        var common = Batches.Count > 1 && _sharing is { KeepsPrefix: true } ? CommonLength() : 0;
        if (common < LeastKept)
            return;
        KeptTokens = TokensOf(_rows[0][0])[..common];
        Batches = [.. Pack(Groups(), common)];
    }

    /// <summary>The batches; each row is in one of them.</summary>
    public IReadOnlyList<PlannedBatch> Batches { get; }

    /// <summary>What all sequences of all batches begin with, to be computed before the first batch; empty: nothing is kept.</summary>
    public IReadOnlyList<int> KeptTokens { get; } = [];

    /// <summary>Tokens of all sequences.</summary>
    public long GivenTokens { get; }

    /// <summary>Tokens that are computed: those that sequences share count once.</summary>
    public long ComputedTokens => KeptTokens.Count + Batches.Sum(batch => (long)batch.Tokens);

    /// <summary>Plans.</summary>
    /// <param name="rows">One or more sequences a row: the pair, or each side of a battle by itself.</param>
    /// <param name="budget">Most tokens that are computed in a batch; a row that has more is a batch of its own.</param>
    /// <param name="sharing">What sequences may share; null: nothing.</param>
    public static BatchPlan Of(IReadOnlyList<TokenSequence[]> rows, int budget, PrefixSharing? sharing) => new(rows, budget, sharing);

    /// <summary>
    /// Rows whose first sequences begin with more in common than all rows do, neighbours in the order of their tokens. The longest come
    /// first: what does not fit into memory shows at the beginning, and the time that is left is overestimated rather than underestimated.
    /// </summary>
    private IEnumerable<int[]> Groups()
    {
        var sorted = Enumerable.Range(0, _rows.Length).ToArray();
        Array.Sort(sorted, (one, other) =>
            PrefixTree.Compare(_keys[one], _keys[other]) is not 0 and var order ? order : one.CompareTo(other));
        var least = (sorted.Length > 0 ? PrefixTree.CommonLength(_keys[sorted[0]], _keys[sorted[^1]]) : 0) + PrefixTree.LeastShared;
        var groups = new List<List<int>>();
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || PrefixTree.CommonLength(_keys[sorted[i - 1]], _keys[sorted[i]]) < least)
                groups.Add([]);
            groups[^1].Add(sorted[i]);
        }

        return groups.Select(group => group.ToArray());
    }

    private IEnumerable<PlannedBatch> Pack(IEnumerable<int[]> groups, int kept)
    {
        var batch = new Filling(this, kept, []);
        foreach (var group in groups.OrderByDescending(group => group.Max(LengthOf)))
        {
            var before = batch.Rows.Count;
            batch.Add(group);
            if (batch.Tokens <= _budget)
                continue;

            // It goes into the next batch as a whole, and is divided only where it is larger than a batch.
            var isDivided = new Filling(this, kept, group).Tokens > _budget;
            if (before > 0 && !isDivided)
                yield return batch.Planned(before);
            batch = new Filling(this, kept, isDivided ? batch.Rows.Take(before) : []);
            foreach (var row in group)
            {
                var count = batch.Rows.Count;
                batch.Add([row]);
                if (count == 0 || batch.Tokens <= _budget)
                    continue;
                yield return batch.Planned(count);
                batch = new Filling(this, kept, [row]);
            }
        }

        if (batch.Rows.Count > 0)
            yield return batch.Planned(batch.Rows.Count);
    }

    private int LengthOf(int row) => _rows[row].Sum(sequence => sequence.Tokens.Count);

    // One token of each sequence stays its own.
    private int CommonLength()
    {
        var first = TokensOf(_rows[0][0]);
        return _rows.SelectMany(row => row).Min(sequence =>
            Math.Min(PrefixTree.CommonLength(first, TokensOf(sequence)), PackedTokens.LastOf(TokensOf(sequence), _sharing!.Padding)));
    }

    private static int[] TokensOf(TokenSequence sequence) => sequence.Tokens as int[] ?? [.. sequence.Tokens];

    /// <summary>A batch that is being filled.</summary>
    private sealed class Filling
    {
        private readonly BatchPlan _plan;
        private readonly int _kept;
        private readonly PrefixTree? _tree;
        private readonly List<int> _rows = [];
        private readonly List<TokenSequence> _sequences = [];
        private readonly List<SharedPrefix?> _prefixes = [];

        public Filling(BatchPlan plan, int kept, IEnumerable<int> rows)
        {
            (_plan, _kept) = (plan, kept);
            _tree = plan._sharing is { } sharing ? new PrefixTree(sharing.Padding, kept) : null;
            Add(rows);
        }

        public IReadOnlyList<int> Rows => _rows;

        public long Tokens { get; private set; }

        public void Add(IEnumerable<int> rows)
        {
            foreach (var row in rows)
            {
                _rows.Add(row);
                foreach (var sequence in _plan._rows[row])
                    Add(sequence);
            }
        }

        /// <summary>The batch of the first rows.</summary>
        public PlannedBatch Planned(int rows)
        {
            var sequences = _rows.Take(rows).Sum(row => _plan._rows[row].Length);
            return new PlannedBatch([.. _rows.Take(rows)], [.. _sequences.Take(sequences)], [.. _prefixes.Take(sequences)]);
        }

        private void Add(TokenSequence sequence)
        {
            var tokens = TokensOf(sequence);
            var prefix = _tree?.Add(tokens);
            var shared = prefix?.Length ?? _kept;
            _sequences.Add(shared == 0 ? sequence : sequence with { Tokens = new ArraySegment<int>(tokens)[shared..] });
            _prefixes.Add(prefix);
            Tokens += tokens.Length - shared;
        }
    }
}

/// <summary>Rows that are computed together.</summary>
/// <param name="Rows">The rows, by their index.</param>
/// <param name="Sequences">Their sequences, row after row: the tokens of each that follow its prefix.</param>
/// <param name="Prefixes">What stands before each; null: what is kept for all batches, if anything is.</param>
internal sealed record PlannedBatch(
    IReadOnlyList<int> Rows, IReadOnlyList<TokenSequence> Sequences, IReadOnlyList<SharedPrefix?> Prefixes)
{
    /// <summary>Tokens that are computed.</summary>
    public int Tokens => Sequences.Sum(sequence => sequence.Tokens.Count);
}
