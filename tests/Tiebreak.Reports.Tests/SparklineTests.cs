using Tiebreak.Reports.Documents;

namespace Tiebreak.Reports.Tests;

public sealed class SparklineTests
{
    [Fact]
    public void The_lowest_and_the_highest_value_have_the_lowest_and_the_highest_block()
    {
        Assert.Equal("█▁▄", Sparkline.Of([3, 1, 1.9]));
        Assert.Equal("▁▁", Sparkline.Of([2, 2]));
        Assert.Equal("▁█", Sparkline.Of([1, double.NaN, 2]));
        Assert.Equal("", Sparkline.Of([double.NaN]));
    }

    [Fact]
    public void Many_values_are_averaged_into_as_many_blocks_as_there_is_room()
    {
        Assert.Equal("▁█", Sparkline.Of([1, 2, 3, 4], width: 2));
        Assert.Equal(24, Sparkline.Of([.. Enumerable.Range(0, 240).Select(i => (double)i)]).Length);
    }
}
