namespace Tiebreak.Tokenization.Processing;

/// <summary>
/// The memory of one call. Workspaces are lent from a pool, so that calls on many threads share nothing and allocate nothing.
/// </summary>
internal sealed class Workspace
{
    private int[] _links = [];
    private int[] _symbols = [];
    private double[] _scores = [];

    /// <summary>The text as it was given.</summary>
    public AlignedText Original { get; } = new();

    /// <summary>The text after the normalisers.</summary>
    public AlignedText Normalized { get; } = new();

    /// <summary>Between two normalisers.</summary>
    public AlignedText NormalizedBetween { get; } = new();

    /// <summary>The text as the model's pieces are cut from it.</summary>
    public AlignedText Prepared { get; } = new();

    /// <summary>Between two steps of preparation.</summary>
    public AlignedText PreparedBetween { get; } = new();

    public PieceList Pieces { get; } = new();

    public TokenList Tokens { get; } = new();

    public PieceCache Cache { get; } = new();

    public MergeQueue Merges { get; } = new();

    /// <summary>Bytes that stay in memory if the workspace is kept, its cache apart.</summary>
    public long Footprint =>
        Original.Footprint + Normalized.Footprint + NormalizedBetween.Footprint + Prepared.Footprint + PreparedBetween.Footprint
        + Pieces.Footprint + Tokens.Footprint + Merges.Footprint + (4L * (_links.Length + _symbols.Length)) + (8L * _scores.Length);

    /// <summary>Two rows of numbers for the symbols of a piece (ids and ends), left as the last user left them.</summary>
    public RowPair Symbols(int count) => Rows(ref _symbols, count);

    /// <summary>Two more rows of numbers, left as the last user left them.</summary>
    public RowPair Links(int count) => Rows(ref _links, count);

    /// <summary>A row of scores, left as the last user left it.</summary>
    public Span<double> Scores(int count)
    {
        if (_scores.Length < count)
            _scores = new double[Math.Max(count, 2 * _scores.Length)];
        return _scores.AsSpan(0, count);
    }

    private static RowPair Rows(ref int[] memory, int count)
    {
        if (memory.Length < 2 * count)
            memory = new int[Math.Max(2 * count, (int)Math.Min(2L * memory.Length, Array.MaxLength))];
        return new RowPair(memory.AsSpan(0, count), memory.AsSpan(count, count));
    }

    /// <summary>Two rows of the same length.</summary>
    internal readonly ref struct RowPair(Span<int> first, Span<int> second)
    {
        private readonly Span<int> _first = first;
        private readonly Span<int> _second = second;

        public void Deconstruct(out Span<int> first, out Span<int> second)
        {
            first = _first;
            second = _second;
        }
    }
}
