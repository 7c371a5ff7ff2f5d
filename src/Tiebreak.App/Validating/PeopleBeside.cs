using System.Text.Json.Serialization;
using Tiebreak.Core.Agreement;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Data.Agreement;

namespace Tiebreak.App.Validating;

/// <summary>
/// What agreement can be expected: how far people agree with each other on the battles that several voted on, and how far the judge agrees
/// with them there. Every battle weighs the same, so that both numbers mean the same: the chance that a verdict, of a person or of the
/// judge, is that of a person drawn at random.
/// </summary>
/// <param name="Battles">Battles with two votes or more.</param>
/// <param name="Votes">Votes on them.</param>
/// <param name="People">Agreement of a person with another one.</param>
/// <param name="PeopleInterval">95 % interval, by bootstrap over prompts, like all others here.</param>
/// <param name="Judge">Agreement of the judge with a person.</param>
/// <param name="JudgeInterval">95 % interval of it.</param>
/// <param name="Difference">Judge minus people.</param>
/// <param name="DifferenceInterval">95 % interval of the difference: paired.</param>
/// <param name="PeopleKappa">Cohen's kappa of a person and another one.</param>
/// <param name="PeopleKappaInterval">95 % interval of it.</param>
/// <param name="JudgeKappa">Cohen's kappa of the judge and a person.</param>
/// <param name="JudgeKappaInterval">95 % interval of it.</param>
internal sealed record PeopleBeside(
    int Battles,
    int Votes,
    double People,
    [property: JsonPropertyName("people_ci")] Interval PeopleInterval,
    double Judge,
    [property: JsonPropertyName("judge_ci")] Interval JudgeInterval,
    double Difference,
    [property: JsonPropertyName("difference_ci")] Interval DifferenceInterval,
    double PeopleKappa,
    [property: JsonPropertyName("people_kappa_ci")] Interval PeopleKappaInterval,
    double JudgeKappa,
    [property: JsonPropertyName("judge_kappa_ci")] Interval JudgeKappaInterval)
{
    private const int Outcomes = 3;
    private const int Cells = Outcomes * Outcomes;

    /// <summary>Compares; null where no battle has two votes.</summary>
    /// <param name="items">What people voted on.</param>
    /// <param name="judge">The judge's verdict about each row of <paramref name="items"/>.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static PeopleBeside? Of(AnnotatedItems items, IReadOnlyList<Outcome> judge, ulong seed, int threads)
    {
        // The first row of an item is as its votes are; in later rows A and B may be exchanged.
        var rows = items.Rows.Index().Where(row => row.Item is { Votes.Count: > 1 }).DistinctBy(row => row.Item).ToList();
        if (rows.Count == 0)
            return null;

        var people = VerdictAgreement.TableOf([.. rows.Select(row => Among(row.Item!))]);
        var beside = VerdictAgreement.TableOf([.. rows.Select(row => Beside(row.Item!, judge[row.Index]))]);
        var values = Values([.. people.Concat(beside).Select(cell => cell.Sum())]);
        var intervals = ClusterBootstrap.OfTotals(
            [.. people, .. beside], PromptGroup.Renumber(rows.Select(row => row.Item!.Group)), Values, seed, threads: threads);
        return new PeopleBeside(
            rows.Count, rows.Sum(row => row.Item!.Votes.Count), values[0], intervals[0], values[1], intervals[1], values[2], intervals[2],
            values[3], intervals[3], values[4], intervals[4]);
    }

    private static double[] Values(double[] totals)
    {
        var (people, judge) = (Diagonal(totals.AsSpan(..Cells)), Diagonal(totals.AsSpan(Cells..)));
        return
        [
            people, judge, judge - people, AgreementCoefficient.CohenKappa(totals.AsSpan(..Cells)),
            AgreementCoefficient.CohenKappa(totals.AsSpan(Cells..)),
        ];
    }

    private static double Diagonal(ReadOnlySpan<double> cells)
    {
        var (same, all) = (0.0, 0.0);
        for (var cell = 0; cell < Cells; cell++)
        {
            all += cells[cell];
            same += cell % (Outcomes + 1) == 0 ? cells[cell] : 0;
        }

        return same / all;
    }

    /// <summary>Shares of the ordered pairs of votes.</summary>
    private static double[] Among(AnnotatedItem item)
    {
        var counts = Count(item);
        double pairs = item.Votes.Count * (item.Votes.Count - 1.0);
        return [.. Enumerable.Range(0, Cells).Select(cell =>
        {
            var (one, other) = (cell / Outcomes, cell % Outcomes);
            return counts[one] * (counts[other] - (one == other ? 1.0 : 0.0)) / pairs;
        })];
    }

    /// <summary>Shares of the votes beside the judge's verdict.</summary>
    private static double[] Beside(AnnotatedItem item, Outcome judge)
    {
        var (counts, cells) = (Count(item), new double[Cells]);
        for (var outcome = 0; outcome < Outcomes; outcome++)
            cells[((int)judge * Outcomes) + outcome] = counts[outcome] / (double)item.Votes.Count;
        return cells;
    }

    private static int[] Count(AnnotatedItem item) =>
        [.. Enumerable.Range(0, Outcomes).Select(outcome => item.Votes.Count(vote => (int)vote.Outcome == outcome))];
}
