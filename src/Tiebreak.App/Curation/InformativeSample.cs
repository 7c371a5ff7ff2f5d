using Tiebreak.App.Topics;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Sampling;
using Tiebreak.Data.Topics;
using Tiebreak.Ratings.Slices;

namespace Tiebreak.App.Curation;

/// <summary>
/// Samples that say more about models than their size: topics that tell models apart give more battles, those on which models are alike or
/// tie give fewer. What a vote says about two strengths grows with the square of its topic's separation, as with the discrimination of a
/// question in a test (Birnbaum 1968, the two-parameter logistic model).
/// </summary>
internal static class InformativeSample
{
    /// <summary>Draws a sample.</summary>
    /// <param name="battles">The set.</param>
    /// <param name="report">Its topics.</param>
    /// <param name="count">Battles wished, at least 1.</param>
    /// <param name="seed">Decides which battles.</param>
    /// <param name="threads">Threads to use; the sample does not depend on it.</param>
    public static (BattleSample Sample, IReadOnlyList<SampledTopic> Topics) Draw(
        IReadOnlyList<Battle> battles, TopicReport report, int count, ulong seed, int threads)
    {
        var separations = TopicSeparations.Of(battles, report);
        double[] weights = [.. Weights(separations), 1]; // the last group: battles without a prompt
        int[] groups = [.. report.Battles.Select(place => place?.Topic ?? report.Topics.Count)];
        var sizes = new int[weights.Length];
        foreach (var group in groups)
            sizes[group]++;
        var counts = Share(sizes, weights, Math.Min(count, battles.Count));
        return (
            RepresentativeSample.DrawFromGroups(battles, groups, counts, seed, threads),
            [
                .. report.Topics.Select((topic, i) =>
                    new SampledTopic(topic.Title, sizes[i], counts[i], separations[i]?.Factor, weights[i])),
            ]);
    }

    /// <summary>
    /// The weight of a battle of each topic: the square of its separation, which is drawn towards 1, that of the whole, as far as its error
    /// says (empirical Bayes: the variance between topics is what their deviations have beyond their errors, DerSimonian and Laird 1986).
    /// </summary>
    internal static double[] Weights(IReadOnlyList<Separation?> separations)
    {
        Separation[] known = [.. separations.OfType<Separation>()];
        var precision = known.Sum(topic => 1 / (topic.Error * topic.Error));
        var spread = known.Sum(topic => Math.Pow((topic.Factor - 1) / topic.Error, 2));
        var variance = known.Length == 0 ? 0 : Math.Max(0, (spread - known.Length) / precision);
        return
        [
            .. separations.Select(topic => topic is null
                ? 1
                : Math.Pow(Math.Max(0, 1 + (variance / (variance + (topic.Error * topic.Error)) * (topic.Factor - 1))), 2)),
        ];
    }

    /// <summary>
    /// Divides a number among groups in proportion to size times weight; no group gives more than it has, and what is left over goes to the
    /// others.
    /// </summary>
    internal static int[] Share(IReadOnlyList<int> sizes, IReadOnlyList<double> weights, int count)
    {
        var counts = new int[sizes.Count];
        while (count > counts.Sum())
        {
            int[] open = [.. Enumerable.Range(0, sizes.Count).Where(i => counts[i] < sizes[i])];
            var left = count - counts.Sum();
            var total = open.Sum(i => sizes[i] * weights[i]);
            var before = counts.Sum();
            double Wished(int i) => total > 0 ? left * sizes[i] * weights[i] / total : (double)left / open.Length;
            foreach (var i in open)
                counts[i] += Math.Min(sizes[i] - counts[i], (int)Wished(i));
            if (counts.Sum() > before)
                continue;

            // Less than one for everybody: the largest shares get one each.
            foreach (var i in open.OrderByDescending(Wished).ThenBy(i => i).Take(left))
                counts[i]++;
        }

        return counts;
    }
}

/// <summary>A topic in a sample.</summary>
/// <param name="Title">Its most distinctive terms.</param>
/// <param name="Battles">Battles about it in the data.</param>
/// <param name="Drawn">Battles about it in the sample.</param>
/// <param name="Separation">
/// How far models stand apart on it, as a multiple of how far all votes set them apart; null where models are unknown.
/// </param>
/// <param name="Weight">How much likelier one of its battles was to be drawn than one of an average topic.</param>
public sealed record SampledTopic(string Title, int Battles, int Drawn, double? Separation, double Weight);
