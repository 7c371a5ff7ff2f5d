using System.Numerics;

namespace Tiebreak.Tokenization.Processing;

/// <summary>
/// Merges waiting for their turn, those of the lowest order first and of these the leftmost. Orders are small numbers, so that every order
/// has a list of places and the next list is found in a few steps; a list is sorted by place only where it was not filled from left to
/// right. What a merge makes possible nearly always has a higher order than itself; where it has not, it waits in a heap, which then holds
/// a few. Time and memory are linear in the length of the piece.
/// </summary>
internal sealed class MergeQueue
{
    private readonly OrderSet _orders = new();
    private readonly PriorityQueue<int, long> _late = new();
    private readonly PlaceRun _run = new();

    // The lists are rings of nodes; a ring is known by its last node, counted from 1 (0: there is none).
    private int[] _last = [];
    private int[] _places = [];
    private int[] _next = [];
    private int _nodes;
    private int _free;

    /// <summary>The order of the list that is being taken.</summary>
    private int _order;

    public long Footprint =>
        _orders.Footprint + (4L * (_last.Length + _places.Length + _next.Length)) + _run.Footprint + (16L * _late.EnsureCapacity(0));

    /// <summary>Steps done since the queue was made: what tests count instead of seconds.</summary>
    public long Work { get; private set; }

    /// <summary>Empties the queue.</summary>
    /// <param name="orders">How many orders there are.</param>
    /// <param name="count">About how many merges will wait at a time.</param>
    public void Start(int orders, int count)
    {
        _orders.Reserve(orders);
        if (_last.Length < orders)
            _last = new int[orders];
        Reserve(count);
        _late.Clear();
        _run.Clear();
        (_nodes, _free, _order) = (0, 0, -1);
    }

    /// <summary>Adds a merge of the symbol at a place with the one behind it.</summary>
    public void Add(int order, int at)
    {
        Work++;
        if (order <= _order)
        {
            Work += BitOperations.Log2((uint)_late.Count + 1);
            _late.Enqueue(at, Key(order, at));
            return;
        }

        var node = TakeNode();
        _places[node] = at;
        ref var last = ref _last[order];
        if (last == 0)
        {
            _next[node] = node;
            _orders.Add(order);
        }
        else
        {
            _next[node] = _next[last - 1];
            _next[last - 1] = node;
        }

        last = node + 1;
    }

    /// <summary>Takes the next merge.</summary>
    public bool TryTake(out int order, out int at)
    {
        while (true)
        {
            Work++;
            if (_late.TryPeek(out at, out var key) && (_run.IsEmpty || key < Key(_order, _run.First)))
            {
                Work += BitOperations.Log2((uint)_late.Count);
                _late.Dequeue();
                order = (int)(key >> 32);
                return true;
            }

            order = _order;
            if (!_run.IsEmpty)
            {
                at = _run.Take();
                return true;
            }

            if (!_orders.TryTakeFirst(out _order))
                return false;
            ReadRun();
        }
    }

    private static long Key(int order, int at) => ((long)order << 32) | (uint)at;

    /// <summary>Copies the list of the order whose turn it is; its nodes are free from then on.</summary>
    private void ReadRun()
    {
        var last = _last[_order] - 1;
        _last[_order] = 0;
        _run.Clear();
        for (var node = _next[last]; ; node = _next[node])
        {
            Work++;
            _run.Add(_places[node]);
            if (node == last)
                break;
        }

        var first = _next[last];
        _next[last] = _free - 1;
        _free = first + 1;
        Work += _run.Sort();
    }

    private int TakeNode()
    {
        if (_free > 0)
        {
            var node = _free - 1;
            _free = _next[node] + 1;
            return node;
        }

        if (_nodes == _places.Length)
            Reserve(2 * _nodes);
        return _nodes++;
    }

    private void Reserve(int count)
    {
        if (_places.Length >= count)
            return;
        Array.Resize(ref _places, Math.Max(256, count));
        Array.Resize(ref _next, Math.Max(256, count));
    }
}
