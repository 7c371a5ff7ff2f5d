using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Diagnostics;

/// <summary>Rings of preference (A over B over C over A), which no rating on one scale can express.</summary>
public static class Cycles
{
    /// <summary>Finds the clearest rings of three.</summary>
    /// <param name="counts">The votes.</param>
    /// <param name="most">How many rings are listed.</param>
    /// <param name="fewestVotes">Pairs with fewer decisive votes are not looked at.</param>
    /// <param name="weakest">Leads below so many standard errors are not looked at.</param>
    public static IReadOnlyList<Cycle> Find(VoteCounts counts, int most = 10, int fewestVotes = 10, double weakest = 1)
    {
        var n = counts.Models.Count;
        var leads = new double[n, n];
        var beaten = Enumerable.Range(0, n).Select(_ => new List<int>()).ToArray();
        for (var pair = 0; pair < counts.Pairs; pair++)
        {
            var (won, lost) = (counts.Votes[VoteCounts.Outcomes * pair], counts.Votes[(VoteCounts.Outcomes * pair) + 1]);
            if (won + lost < fewestVotes)
                continue;
            var (i, j) = (counts.First[pair], counts.Second[pair]);
            leads[i, j] = (won - lost) / Math.Sqrt(won + lost);
            leads[j, i] = -leads[i, j];
            if (Math.Abs(leads[i, j]) >= weakest)
                beaten[won > lost ? i : j].Add(won > lost ? j : i);
        }

        var found = new PriorityQueue<(int I, int J, int K), double>();
        for (var i = 0; i < n; i++)
        {
            // Each ring once: from its lowest number.
            foreach (var j in beaten[i].Where(j => j > i))
            {
                foreach (var k in beaten[j].Where(k => k > i && leads[k, i] >= weakest))
                {
                    found.Enqueue((i, j, k), Math.Min(leads[i, j], Math.Min(leads[j, k], leads[k, i])));
                    if (found.Count > most)
                        found.Dequeue();
                }
            }
        }

        return [.. found.UnorderedItems.OrderByDescending(ring => ring.Priority).ThenBy(ring => ring.Element).Select(ring => new Cycle(
            [counts.Models[ring.Element.I], counts.Models[ring.Element.J], counts.Models[ring.Element.K]],
            [
                Fraction(counts, ring.Element.I, ring.Element.J),
                Fraction(counts, ring.Element.J, ring.Element.K),
                Fraction(counts, ring.Element.K, ring.Element.I),
            ],
            ring.Priority))];
    }

    private static double Fraction(VoteCounts counts, int one, int other)
    {
        var slot = VoteCounts.Outcomes * counts.PairOf(one, other);
        var (first, second) = (counts.Votes[slot], counts.Votes[slot + 1]);
        return (double)(one < other ? first : second) / (first + second);
    }
}

/// <summary>Three models each of which beat the next more often than not.</summary>
/// <param name="Models">The three; the third beat the first.</param>
/// <param name="WinFractions">How often each beat the next, among decisive votes.</param>
/// <param name="WeakestLink">The smallest of the three leads in standard errors: below 2 it may be chance.</param>
public sealed record Cycle(IReadOnlyList<string> Models, IReadOnlyList<double> WinFractions, double WeakestLink);
