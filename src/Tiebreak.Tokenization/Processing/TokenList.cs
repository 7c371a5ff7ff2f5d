namespace Tiebreak.Tokenization.Processing;

/// <summary>The tokens found so far; with their places in the text where these are wanted.</summary>
internal sealed class TokenList
{
    private int[] _ids = new int[256];
    private int[] _starts = [];
    private int[] _ends = [];

    private int _pieceStart;

    public int Count { get; private set; }

    /// <summary>Whether places are kept.</summary>
    public bool HasPlaces { get; private set; }

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    public Span<int> Starts => _starts.AsSpan(0, Count);

    public Span<int> Ends => _ends.AsSpan(0, Count);

    public long Footprint => 4L * (_ids.Length + (2 * _starts.Length));

    public void Clear(bool hasPlaces)
    {
        Count = _pieceStart = 0;
        HasPlaces = hasPlaces;
    }

    /// <summary>Adds a token and the bytes it stands for.</summary>
    public void Add(int id, int start, int end)
    {
        if (Count == _ids.Length)
            Array.Resize(ref _ids, 2 * Count);
        _ids[Count] = id;
        if (HasPlaces)
        {
            if (_starts.Length < _ids.Length)
            {
                Array.Resize(ref _starts, _ids.Length);
                Array.Resize(ref _ends, _ids.Length);
            }

            _starts[Count] = start;
            _ends[Count] = end;
        }

        Count++;
    }

    /// <summary>Says that the tokens to come are those of another piece.</summary>
    public void BeginPiece() => _pieceStart = Count;

    /// <summary>Lets the last token of this piece reach further, if it has this id.</summary>
    public bool TryExtend(int id, int end)
    {
        if (Count == _pieceStart || _ids[Count - 1] != id)
            return false;
        if (HasPlaces)
            _ends[Count - 1] = end;
        return true;
    }

    /// <summary>Adds tokens whose places nobody wants.</summary>
    public void Add(ReadOnlySpan<int> ids)
    {
        if (_ids.Length - Count < ids.Length)
            Array.Resize(ref _ids, Math.Max(2 * _ids.Length, Count + ids.Length));
        ids.CopyTo(_ids.AsSpan(Count));
        Count += ids.Length;
    }
}
