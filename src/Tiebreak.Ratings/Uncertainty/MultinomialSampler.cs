using Tiebreak.Core.Randomness;

namespace Tiebreak.Ratings.Uncertainty;

/// <summary>
/// Draws with replacement from cells in proportion to their counts, as many as there are, in a time that depends on the number of cells and not on
/// the number of draws: every cell gets a Poisson number whose mean is a little below its count, and the few that are missing are
/// drawn one by one. Poisson numbers given their sum are multinomial, so the result is exactly multinomial.
/// </summary>
internal sealed class MultinomialSampler
{
    // Fewer draws are made one by one.
    private const int FewDraws = 500;

    // The Poisson total exceeds the wanted one once in three million times; then everything is drawn again.
    private const double Margin = 5;

    private readonly int[] _counts;
    private readonly int[] _cumulative;
    private readonly Dictionary<int, PoissonTable> _tables = [];
    private readonly PoissonTable?[] _tableOfCell;

    public MultinomialSampler(int[] counts)
    {
        _counts = counts;
        _tableOfCell = new PoissonTable?[counts.Length];
        _cumulative = new int[counts.Length];
        for (var cell = 0; cell < counts.Length; cell++)
            _cumulative[cell] = Total += counts[cell];
        if (Total < FewDraws)
            return;

        var scale = 1 - (Margin / Math.Sqrt(Total));
        for (var cell = 0; cell < counts.Length; cell++)
        {
            if (counts[cell] == 0)
                continue;
            if (!_tables.TryGetValue(counts[cell], out var table))
                _tables.Add(counts[cell], table = new PoissonTable(scale * counts[cell]));
            _tableOfCell[cell] = table;
        }
    }

    /// <summary>How many are drawn: the sum of the counts.</summary>
    public int Total { get; private set; }

    /// <summary>Draws; the numbers replace what the buffer held.</summary>
    public void Draw(ref SeededRandom random, Span<int> drawn)
    {
        int missing;
        do
        {
            missing = Total;
            for (var cell = 0; cell < drawn.Length; cell++)
                missing -= drawn[cell] = _tableOfCell[cell]?.Draw(random.NextDouble()) ?? 0;
        }
        while (missing < 0);

        for (; missing > 0; missing--)
        {
            var place = Array.BinarySearch(_cumulative, random.Next(Total) + 1);
            place = place < 0 ? ~place : place;

            // Cells with count 0 share the sum of the one before them, which is the one that was meant.
            while (_counts[place] == 0)
                place--;
            drawn[place]++;
        }
    }
}
