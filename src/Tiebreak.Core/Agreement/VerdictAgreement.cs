using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Agreement;

/// <summary>How far a judge's verdicts agree with people's; <see cref="AgreementCoefficient"/> says what the coefficients mean.</summary>
/// <param name="Raw">Share of battles with the same verdict.</param>
/// <param name="Kappa">Cohen's kappa.</param>
/// <param name="Ac1">Gwet's AC1.</param>
/// <param name="Alpha">Krippendorff's alpha, nominal.</param>
/// <param name="OrdinalAlpha">Krippendorff's alpha on the scale A, tie, B: the wrong side is farther off than a tie.</param>
internal sealed record VerdictAgreement(Estimate Raw, Estimate Kappa, Estimate Ac1, Estimate Alpha, Estimate OrdinalAlpha)
{
    private const int Outcomes = 3;

    private static readonly Outcome[] Scale = [Outcome.A, Outcome.Tie, Outcome.B];

    /// <summary>Compares verdicts.</summary>
    /// <param name="judge">The judge's verdicts.</param>
    /// <param name="people">What people said, battle by battle.</param>
    /// <param name="groups">The prompt group of each battle, numbered from 0 without gaps.</param>
    /// <param name="seed">Seed of the bootstrap over prompts.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static VerdictAgreement Of(
        IReadOnlyList<Outcome> judge, IReadOnlyList<Outcome> people, IReadOnlyList<int> groups, ulong seed = 0, int threads = -1)
    {
        // Coefficients count the outcomes that somebody named: on a set without ties a judge without ties chooses between two.
        int[] used = [.. Scale.Where(outcome => judge.Contains(outcome) || people.Contains(outcome)).Select(outcome => (int)outcome)];
        var table = TableOf([.. judge.Zip(people, (one, other) =>
        {
            var cells = new double[Outcomes * Outcomes];
            cells[((int)one * Outcomes) + (int)other] = 1;
            return cells;
        })]);
        double[] Values(double[] cells) => CoefficientsOf(cells, used);
        var values = Values([.. table.Select(cell => cell.Sum())]);
        var intervals = ClusterBootstrap.OfTotals(table, groups, Values, seed, threads: threads);
        Estimate At(int k) => new(values[k], intervals[k]);
        return new VerdictAgreement(At(0), At(1), At(2), At(3), At(4));
    }

    /// <summary>Cells of tables as columns that a bootstrap draws from.</summary>
    /// <param name="rows">A table of nine cells for each row.</param>
    internal static double[][] TableOf(IReadOnlyList<double[]> rows) =>
        [.. Enumerable.Range(0, Outcomes * Outcomes).Select(cell => rows.Select(row => row[cell]).ToArray())];

    private static double[] CoefficientsOf(double[] cells, int[] used)
    {
        var totals = RatingSums.OfItem(new int[used.Length]);
        for (var one = 0; one < used.Length; one++)
        {
            for (var other = 0; other < used.Length; other++)
            {
                var counts = new int[used.Length];
                counts[one]++;
                counts[other]++;
                foreach (var (k, sum) in RatingSums.OfItem(counts).Index())
                    totals[k] += cells[(used[one] * Outcomes) + used[other]] * sum;
            }
        }

        var sums = new RatingSums(totals, used.Length);
        return
        [
            AgreementCoefficient.Raw(sums), AgreementCoefficient.CohenKappa(cells), AgreementCoefficient.GwetAc1(sums),
            AgreementCoefficient.KrippendorffNominal(sums), AgreementCoefficient.KrippendorffOrdinal(sums),
        ];
    }
}

/// <summary>A number with what is not known of it.</summary>
/// <param name="Value">The number.</param>
/// <param name="Interval">95 % interval.</param>
internal readonly record struct Estimate(double Value, Interval Interval);
