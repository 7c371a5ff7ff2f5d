using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;

namespace Tiebreak.Core.Tests.Evaluation;

public sealed class PreferenceComparisonTests
{
    [Fact]
    public void A_hand_made_case_has_the_measures_worked_out_by_hand()
    {
        Preference[] first = [new(0.5, 0.25, 0.25), new(0.2, 0.3, 0.5)], second = [new(0.25, 0.5, 0.25), new(0.2, 0.3, 0.5)];
        var comparison = PreferenceComparison.Of(first, second);

        Assert.Equal(0.5 / 6, comparison.MeanAbsoluteDifference, 12);
        Assert.Equal(0.25, comparison.LargestDifference, 12);
        Assert.Equal(0.5, comparison.SameTop, 12);
        Assert.Equal(((0.5 * Math.Log(2)) - (0.25 * Math.Log(2))) / 2, comparison.KullbackLeibler, 9);
        Assert.Equal(1, comparison.Correlation[Outcome.Tie], 12);
        Assert.Equal([0], comparison.MostDifferent);
    }

    [Fact]
    public void Equal_lists_do_not_differ()
    {
        Preference[] preferences = [Preference.Uniform, Preference.Uniform];
        var comparison = PreferenceComparison.Of(preferences, preferences);
        Assert.Equal(0, comparison.MeanAbsoluteDifference);
        Assert.Equal(0, comparison.KullbackLeibler);
        Assert.True(double.IsNaN(comparison.Correlation[Outcome.A]));
        Assert.Empty(comparison.MostDifferent);
    }
}
