using System.Numerics;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Ratings.Uncertainty;

/// <summary>
/// Draws with replacement from cells in proportion to their counts, as many as there are, in a time that depends on the number of cells and
/// not on the number of draws: every cell gets a Poisson number whose mean is a little below its count, and the few that are missing are
/// drawn one by one. Poisson numbers given their sum are multinomial, so the result is exactly multinomial.
/// </summary>
internal sealed class MultinomialSampler
{
    // Fewer draws are made one by one.
    private const int FewDraws = 500;

    // The Poisson total exceeds the wanted one once in forty times; then everything is drawn again.
    private const double Margin = 2;

    private const int PartsOfWord = 64 / PoissonTable.Bits;

    // Of every cell: the sum of the counts up to it; its table; and the place of that table's answers.
    private readonly int[] _cumulative;
    private readonly PoissonTable[] _tables = [];
    private readonly int[] _places = [];
    private readonly ushort[] _answers = [];

    // The cell of every 2^shift-th of all things counted, where the search for another one's cell starts.
    private readonly int _shift;
    private readonly int[] _guide;

    public MultinomialSampler(int[] counts)
    {
        _cumulative = new int[counts.Length];
        for (var cell = 0; cell < counts.Length; cell++)
            _cumulative[cell] = Total += counts[cell];

        _shift = BitOperations.Log2((uint)(Total / counts.Length) | 1);
        _guide = new int[(Total >> _shift) + 1];
        for (var (guide, cell) = (0, 0); guide < _guide.Length; guide++)
        {
            while (cell < counts.Length - 1 && _cumulative[cell] <= guide << _shift)
                cell++;
            _guide[guide] = cell;
        }

        if (Total < FewDraws)
            return;

        var scale = 1 - (Margin / Math.Sqrt(Total));
        var different = counts.Distinct().ToArray();
        var places = different.Select((count, place) => (count, place)).ToDictionary(pair => pair.count, pair => pair.place);
        var tables = Array.ConvertAll(different, count => new PoissonTable(scale * count));
        _answers = [.. tables.SelectMany(table => Enumerable.Range(0, PoissonTable.Parts).Select(table.Answer))];
        _places = Array.ConvertAll(counts, count => PoissonTable.Parts * places[count]);
        _tables = Array.ConvertAll(counts, count => tables[places[count]]);
    }

    /// <summary>How many are drawn: the sum of the counts.</summary>
    public int Total { get; private set; }

    /// <summary>Draws; the numbers replace what the buffer held.</summary>
    public void Draw(ref SeededRandom random, Span<double> drawn)
    {
        drawn.Clear();
        var missing = Total;
        while (_tables.Length > 0 && (missing = Total - DrawPoisson(ref random, drawn)) < 0)
            continue;

        for (; missing > 0; missing--)
        {
            var thing = random.Next(Total);
            var cell = _guide[thing >> _shift];
            while (_cumulative[cell] <= thing)
                cell++;
            drawn[cell]++;
        }
    }

    /// <summary>Draws a Poisson number for every cell and returns their sum.</summary>
    private int DrawPoisson(ref SeededRandom random, Span<double> drawn)
    {
        var (sum, answers, places) = (0, _answers, _places);
        for (var start = 0; start < drawn.Length; start += PartsOfWord)
        {
            var bits = random.NextUInt64();
            var end = Math.Min(start + PartsOfWord, drawn.Length);
            for (var cell = start; cell < end; cell++, bits >>= PoissonTable.Bits)
            {
                var part = (int)bits & (PoissonTable.Parts - 1);
                int number = answers[places[cell] + part];
                if (number == PoissonTable.Shared)
                    number = _tables[cell].Draw(part, ref random);
                drawn[cell] = number;
                sum += number;
            }
        }

        return sum;
    }
}
