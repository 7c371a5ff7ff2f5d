using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Tests.Metrics;

public sealed class FlipRateTests
{
    [Fact]
    public void A_judge_that_always_prefers_the_first_side_flips_every_verdict()
    {
        Preference[] first = [new(0.6, 0.2, 0.2), new(0.5, 0.3, 0.2)];
        var rate = FlipRate.Of(first, first);

        Assert.Equal(1, rate.Verdicts);
        Assert.Equal(0.3, rate.MeanShift, 12);
        Assert.Equal(0.3, rate.PreferenceForFirst, 12);
    }

    [Fact]
    public void A_symmetric_judge_flips_none()
    {
        Preference[] original = [new(0.6, 0.2, 0.2), new(0.1, 0.3, 0.6)];
        var rate = FlipRate.Of(original, [.. original.Select(preference => preference.Swapped())]);

        Assert.Equal((0.0, 0.0), (rate.Verdicts, rate.MeanShift));
        Assert.Equal(0, rate.PreferenceForFirst, 12);
    }
}
