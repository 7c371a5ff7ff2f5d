using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Tests.Metrics;

public sealed class LogLossTests
{
    private static readonly Gen<Preference> Preferences =
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0.001, 1], (a, b, tie) => Preference.Normalised(a, b, tie));

    [Fact]
    public void Uniform_chances_cost_ln_3() =>
        Assert.Equal(Math.Log(3), LogLoss.Of(Preference.Uniform, Preference.Certain(Outcome.B)), 12);

    [Fact]
    public void A_certain_error_is_clipped_at_the_machine_epsilon_like_in_scikit_learn() =>
        Assert.Equal(36.04365338911715, LogLoss.Of(new Preference(1, 0, 0), Preference.Certain(Outcome.Tie)), 9);

    [Fact]
    public void Rows_that_do_not_sum_to_one_are_renormalised() =>
        Assert.Equal(-Math.Log(0.5), LogLoss.Of(new Preference(0.4, 0.2, 0.2), Preference.Certain(Outcome.A)), 12);

    [Fact]
    public void Soft_targets_weigh_the_outcomes() =>
        Assert.Equal(
            -(0.5 * Math.Log(0.2)) - (0.5 * Math.Log(0.3)),
            LogLoss.Of(new Preference(0.2, 0.3, 0.5), new Preference(0.5, 0.5, 0)),
            12);

    [Fact]
    public void Exchanging_the_sides_of_both_changes_nothing() =>
        Gen.Select(Preferences, Preferences).Sample((predicted, target) =>
            Math.Abs(LogLoss.Of(predicted, target) - LogLoss.Of(predicted.Swapped(), target.Swapped())) < 1e-12);
}
