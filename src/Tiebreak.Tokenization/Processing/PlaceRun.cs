using System.Numerics;

namespace Tiebreak.Tokenization.Processing;

/// <summary>
/// Places that are read off from left to right. Where they were not added so, they are sorted first, long lists digit by digit.
/// </summary>
internal sealed class PlaceRun
{
    private const int DigitBits = 11;

    private readonly int[] _digits = new int[1 << DigitBits];
    private int[] _places = [];
    private int[] _between = [];
    private int _count;
    private int _taken;
    private bool _isAscending = true;

    public long Footprint => 4L * (_places.Length + _between.Length + _digits.Length);

    public bool IsEmpty => _taken == _count;

    /// <summary>The place whose turn it is.</summary>
    public int First => _places[_taken];

    public void Clear()
    {
        (_count, _taken) = (0, 0);
        _isAscending = true;
    }

    public void Add(int place)
    {
        if (_count == _places.Length)
            Array.Resize(ref _places, Math.Max(256, 2 * _count));
        _isAscending &= _count == 0 || _places[_count - 1] <= place;
        _places[_count++] = place;
    }

    public int Take() => _places[_taken++];

    /// <summary>Brings the places into order, before the first is taken.</summary>
    /// <returns>Steps that it took.</returns>
    public long Sort()
    {
        if (_isAscending)
            return 0;
        if (_count < _digits.Length)
        {
            _places.AsSpan(0, _count).Sort();
            return _count * (long)BitOperations.Log2((uint)_count);
        }

        if (_between.Length < _count)
            _between = new int[_places.Length];
        var most = 0;
        foreach (var place in _places.AsSpan(0, _count))
            most = Math.Max(most, place);
        var steps = 0L;
        for (var shift = 0; shift < 32 && most >> shift > 0; shift += DigitBits)
        {
            SortByDigit(shift);
            (_places, _between) = (_between, _places);
            steps += _count;
        }

        return steps;
    }

    private void SortByDigit(int shift)
    {
        var digits = _digits;
        Array.Clear(digits);
        foreach (var place in _places.AsSpan(0, _count))
            digits[(place >> shift) & (digits.Length - 1)]++;
        var start = 0;
        foreach (ref var digit in digits.AsSpan())
            (digit, start) = (start, start + digit);
        foreach (var place in _places.AsSpan(0, _count))
            _between[digits[(place >> shift) & (digits.Length - 1)]++] = place;
    }
}
