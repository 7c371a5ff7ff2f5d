namespace Tiebreak.Tokenization.Processing;

/// <summary>The pieces that a text is cut into before the model sees it: byte ranges, in order, without overlap.</summary>
internal sealed class PieceList
{
    private int[] _places = new int[512];

    public int Count { get; private set; }

    public long Footprint => 4L * _places.Length;

    public int Start(int index) => _places[2 * index];

    public int End(int index) => _places[(2 * index) + 1];

    public void Clear() => Count = 0;

    /// <summary>Adds a piece; an empty one is left out.</summary>
    public void Add(int start, int end)
    {
        if (start == end)
            return;
        if (2 * Count == _places.Length)
            Array.Resize(ref _places, 4 * Count);
        _places[2 * Count] = start;
        _places[(2 * Count) + 1] = end;
        Count++;
    }
}
