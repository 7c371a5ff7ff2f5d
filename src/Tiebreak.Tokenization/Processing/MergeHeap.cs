namespace Tiebreak.Tokenization.Processing;

/// <summary>
/// Merges waiting for their turn, lowest first and then leftmost. Those that are there from the beginning are sorted once and read off in order;
/// only those that appear later go through a binary heap, which stays small where the text is one long run.
/// </summary>
internal sealed class MergeHeap
{
    private (long Merge, int At)[] _sorted = [];
    private (long Merge, int At)[] _heap = [];
    private int _sortedCount;
    private int _taken;
    private int _heapCount;
    private bool _isOrdered;
    private bool _isAscending;

    public long Footprint => 16L * (_sorted.Length + _heap.Length);

    public void Clear()
    {
        _sortedCount = _taken = _heapCount = 0;
        _isOrdered = false;
        _isAscending = true;
    }

    /// <summary>Adds a merge of the symbol at a place with the one behind it.</summary>
    public void Add(long merge, int at)
    {
        if (!_isOrdered)
        {
            if (_sortedCount == _sorted.Length)
                Array.Resize(ref _sorted, Math.Max(256, 2 * _sortedCount));
            _isAscending &= _sortedCount == 0 || IsBefore(_sorted[_sortedCount - 1], (merge, at));
            _sorted[_sortedCount++] = (merge, at);
            return;
        }

        if (_heapCount == _heap.Length)
            Array.Resize(ref _heap, Math.Max(256, 2 * _heapCount));
        var place = _heapCount++;
        while (place > 0 && IsBefore((merge, at), _heap[(place - 1) / 2]))
        {
            _heap[place] = _heap[(place - 1) / 2];
            place = (place - 1) / 2;
        }

        _heap[place] = (merge, at);
    }

    /// <summary>Ends the beginning: what is added from now on goes to the heap.</summary>
    public void Order()
    {
        if (!_isAscending)
            _sorted.AsSpan(0, _sortedCount).Sort();
        _isOrdered = true;
    }

    /// <summary>Takes the next merge.</summary>
    public bool TryTake(out long merge, out int at)
    {
        if (_taken < _sortedCount && (_heapCount == 0 || IsBefore(_sorted[_taken], _heap[0])))
        {
            (merge, at) = _sorted[_taken++];
            return true;
        }

        if (_heapCount == 0)
        {
            (merge, at) = (0, 0);
            return false;
        }

        (merge, at) = _heap[0];
        Sink(_heap[--_heapCount]);
        return true;
    }

    private void Sink((long Merge, int At) item)
    {
        var place = 0;
        while ((2 * place) + 1 < _heapCount)
        {
            var child = (2 * place) + 1;
            if (child + 1 < _heapCount && IsBefore(_heap[child + 1], _heap[child]))
                child++;
            if (!IsBefore(_heap[child], item))
                break;
            _heap[place] = _heap[child];
            place = child;
        }

        _heap[place] = item;
    }

    private static bool IsBefore((long Merge, int At) left, (long Merge, int At) right) =>
        left.Merge < right.Merge || (left.Merge == right.Merge && left.At < right.At);
}
