using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Runs.Rehearsals;

/// <summary>
/// Battles for a dress rehearsal: as many as the real test will have, drawn from training data, the nastiest of every kind among them.
/// </summary>
internal sealed class RehearsalBattles
{
    /// <summary>Of every kind of nastiness, one battle in so many.</summary>
    private const int NastyShare = 100;

    private RehearsalBattles(IReadOnlyList<Battle> battles, IReadOnlyDictionary<string, int> nasty)
    {
        Battles = battles;
        Nasty = nasty;
    }

    /// <summary>The battles, in random order, with new ids, without models and labels.</summary>
    public IReadOnlyList<Battle> Battles { get; }

    /// <summary>How many battles were drawn for each kind of nastiness.</summary>
    public IReadOnlyDictionary<string, int> Nasty { get; }

    /// <summary>Draws.</summary>
    /// <param name="source">Battles of any number; they are repeated where there are fewer than wanted.</param>
    /// <param name="rows">How many to draw, at least 1.</param>
    /// <param name="seed">The seed of the draw.</param>
    public static RehearsalBattles Draw(IReadOnlyList<Battle> source, int rows, ulong seed)
    {
        var random = new SeededRandom(seed);
        var drawn = new List<Battle>(rows);
        var nasty = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var kind in Nastiness.All)
        {
            var worst = source.Select((battle, row) => (battle, row, degree: kind.Degree(battle))).Where(item => item.degree > 0)
                .OrderByDescending(item => item.degree).ThenBy(item => item.row).Take(Math.Max(1, rows / NastyShare))
                .Select(item => item.battle).DefaultIfEmpty(kind.MadeUp).Take(rows - drawn.Count).ToList();
            drawn.AddRange(worst);
            nasty[kind.Name] = worst.Count;
        }

        for (var deck = Array.Empty<Battle>(); drawn.Count < rows; drawn.AddRange(deck.Take(rows - drawn.Count)))
        {
            deck = [.. source];
            random.Shuffle(deck.AsSpan());
        }

        var mixed = drawn.ToArray();
        random.Shuffle(mixed.AsSpan());
        return new RehearsalBattles(
            [.. mixed.Select((battle, i) => new Battle
            {
                Id = (1_000_000_000L + i).ToString(CultureInfo.InvariantCulture),
                Turns = battle.Turns,
                Language = battle.Language,
            })],
            nasty);
    }
}
