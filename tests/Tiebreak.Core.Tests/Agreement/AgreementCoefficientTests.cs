using CsCheck;
using Tiebreak.Core.Agreement;

namespace Tiebreak.Core.Tests.Agreement;

/// <summary>Worked examples of the publications, to every digit that they print.</summary>
public sealed class AgreementCoefficientTests
{
    // Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), part C: 12 units, 4 observers, 5 categories; 0 is a missing value.
    // Gwet (Handbook of Inter-Rater Reliability, 2014) works with the same ratings; irrCAC prints his coefficients (cac.raw4raters).
    private static readonly int[][] FourObservers =
    [
        [1, 1, 0, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
        [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [0, 5, 5, 5], [0, 0, 1, 1], [0, 0, 3, 0],
    ];

    // Fleiss, "Measuring nominal scale agreement among many raters" (1971), table 1: 30 patients, 6 psychiatrists, 5 diagnoses.
    private static readonly int[][] Psychiatrists =
    [
        [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0], [2, 0, 4, 0, 0],
        [0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6], [1, 0, 0, 5, 0], [1, 1, 0, 4, 0],
        [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1], [0, 0, 5, 0, 1], [3, 0, 0, 1, 2], [5, 1, 0, 0, 0],
        [0, 2, 0, 4, 0], [1, 0, 2, 0, 3], [0, 0, 0, 0, 6], [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0],
        [1, 0, 0, 4, 1], [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0], [1, 0, 5, 0, 0], [0, 0, 0, 0, 6],
    ];

    private delegate double Coefficient(RatingSums sums);

    [Fact]
    public void Krippendorffs_four_observers()
    {
        var counts = Counts(FourObservers, categories: 5);
        Assert.Equal(0.743, Of(counts, AgreementCoefficient.KrippendorffNominal), 3);
        Assert.Equal(0.815, Of(counts, AgreementCoefficient.KrippendorffOrdinal), 3);
    }

    [Fact]
    public void Gwets_coefficients_of_the_same_ratings()
    {
        var counts = Counts(FourObservers, categories: 5);
        Assert.Equal(0.8181818, Of(counts, AgreementCoefficient.Raw), 7);
        Assert.Equal(0.76117, Of(counts, AgreementCoefficient.FleissKappa), 5);
        Assert.Equal(0.77544, Of(counts, AgreementCoefficient.GwetAc1), 5);
        Assert.Equal(0.899, Of(counts, AgreementCoefficient.GwetAc2), 3);
        Assert.Equal(0.74342, Of(counts, AgreementCoefficient.KrippendorffNominal), 5);
    }

    [Fact]
    public void Fleiss_psychiatrists() => Assert.Equal(0.430, Of(Psychiatrists, AgreementCoefficient.FleissKappa), 3);

    [Fact]
    public void Half_of_the_psychiatrists_as_Gwet_has_them()
    {
        // irrCAC's distrib.6raters.
        var half = Psychiatrists[..15];
        Assert.Equal(0.4448007, Of(half, AgreementCoefficient.GwetAc1), 7);
        Assert.Equal(0.4139265, Of(half, AgreementCoefficient.FleissKappa), 7);
        Assert.Equal(0.4204384, Of(half, AgreementCoefficient.KrippendorffNominal), 7);
    }

    [Fact]
    public void Cohens_two_psychiatrists()
    {
        // Cohen, "Weighted kappa" (1968), table 1, unweighted.
        double[] table = [0.44, 0.07, 0.09, 0.05, 0.20, 0.05, 0.01, 0.03, 0.06];
        Assert.Equal(0.492, AgreementCoefficient.CohenKappa(table), 3);
    }

    [Fact]
    public void Gwets_two_abstractors()
    {
        // Gwet 2014; irrCAC's cont3x3abstractors: 100 pregnancies.
        double[] table = [13, 0, 0, 0, 20, 7, 0, 4, 56];
        int[][] counts =
        [
            .. Enumerable.Repeat<int[]>([2, 0, 0], 13), .. Enumerable.Repeat<int[]>([0, 2, 0], 20),
            .. Enumerable.Repeat<int[]>([0, 1, 1], 11), .. Enumerable.Repeat<int[]>([0, 0, 2], 56),
        ];
        Assert.Equal(0.7964094, AgreementCoefficient.CohenKappa(table), 7);
        Assert.Equal(0.8493305, Of(counts, AgreementCoefficient.GwetAc1), 7);
        Assert.Equal(0.7972585, Of(counts, AgreementCoefficient.KrippendorffNominal), 7);
        Assert.Equal(0.925, Of(counts, AgreementCoefficient.GwetAc2), 3);
    }

    [Fact]
    public void What_cannot_be_known_is_not_a_number()
    {
        int[][] single = [[1, 0], [0, 1]], same = [[3, 0], [3, 0]];
        Assert.Equal(double.NaN, Of(single, AgreementCoefficient.Raw));
        Assert.Equal(double.NaN, Of(single, AgreementCoefficient.GwetAc1));
        Assert.Equal(double.NaN, Of(same, AgreementCoefficient.FleissKappa));
        Assert.Equal(double.NaN, Of(same, AgreementCoefficient.KrippendorffNominal));
        Assert.Equal(1, Of(same, AgreementCoefficient.GwetAc1));
        Assert.Equal(double.NaN, AgreementCoefficient.CohenKappa([5, 0, 0, 0]));
    }

    [Fact]
    public void Names_of_categories_do_not_matter_and_full_agreement_is_one()
    {
        var items = Gen.Int[0, 4].Array[3].Where(counts => counts.Sum() > 1).Array[3, 12];
        Coefficient[] nominal =
        [
            AgreementCoefficient.Raw, AgreementCoefficient.FleissKappa, AgreementCoefficient.GwetAc1,
            AgreementCoefficient.KrippendorffNominal,
        ];
        items.Sample(counts =>
        {
            foreach (var coefficient in nominal)
            {
                var value = Of(counts, coefficient);
                var renamed = Of([.. counts.Select(item => new[] { item[2], item[0], item[1] })], coefficient);
                Assert.True(double.IsNaN(value) ? double.IsNaN(renamed) : Math.Abs(value - renamed) < 1e-9);
                Assert.False(value > 1 + 1e-9);
            }
        });

        int[][] agreed = [[2, 0, 0], [0, 3, 0], [0, 0, 4]];
        foreach (var coefficient in nominal.Append(AgreementCoefficient.GwetAc2).Append(AgreementCoefficient.KrippendorffOrdinal))
            Assert.Equal(1, Of(agreed, coefficient), 12);
    }

    private static double Of(int[][] counts, Coefficient coefficient)
    {
        var totals = RatingSums.OfItem(counts[0]);
        foreach (var item in counts.Skip(1))
        {
            foreach (var (k, sum) in RatingSums.OfItem(item).Index())
                totals[k] += sum;
        }

        return coefficient(new RatingSums(totals, counts[0].Length));
    }

    private static int[][] Counts(int[][] ratings, int categories) =>
        [.. ratings.Select(unit => Enumerable.Range(1, categories).Select(category => unit.Count(rating => rating == category)).ToArray())];
}
