using System.Numerics;

namespace Tiebreak.Tokenization.Processing;

/// <summary>
/// A set of small numbers that gives its smallest one: a bit a number, and above every 64 words a word that says which of them are not
/// empty. Each operation touches a word a level, four levels for sixteen million numbers.
/// </summary>
internal sealed class OrderSet
{
    private ulong[][] _levels = [];

    // Each level is a 64th of the one below.
    public long Footprint => _levels.Length == 0 ? 0 : 8L * _levels[0].Length * 65 / 64;

    /// <summary>Makes room for the numbers below <paramref name="count"/>; what is in the set is forgotten if it has to grow.</summary>
    public void Reserve(int count)
    {
        if (_levels.Length > 0 && 64L * _levels[0].Length >= count)
            return;
        var levels = new List<ulong[]>();
        for (var words = count; words > 1 || levels.Count == 0;)
        {
            words = (words + 63) / 64;
            levels.Add(new ulong[Math.Max(1, words)]);
        }

        _levels = [.. levels];
    }

    public void Add(int number)
    {
        foreach (var level in _levels)
        {
            ref var word = ref level[number >> 6];
            var wasEmpty = word == 0;
            word |= 1UL << (number & 63);
            if (!wasEmpty)
                return;
            number >>= 6;
        }
    }

    /// <summary>Takes the smallest number out.</summary>
    public bool TryTakeFirst(out int number)
    {
        number = 0;
        if (_levels.Length == 0 || _levels[^1][0] == 0)
            return false;
        for (var level = _levels.Length - 1; level >= 0; level--)
            number = (number << 6) | BitOperations.TrailingZeroCount(_levels[level][number]);

        var place = number;
        foreach (var level in _levels)
        {
            ref var word = ref level[place >> 6];
            word &= ~(1UL << (place & 63));
            if (word != 0)
                break;
            place >>= 6;
        }

        return true;
    }
}
