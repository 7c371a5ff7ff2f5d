using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Tests.Battles;

public sealed class TimeTextTests
{
    private static readonly DateTimeOffset FourthOfMarch = new(2024, 3, 4, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2024-03-04")]
    [InlineData("2024-03-04T00:00:00Z")]
    [InlineData("2024/03/04")]
    [InlineData("4 March 2024")]
    [InlineData("Mar 4, 2024")]
    [InlineData("1709510400")]
    [InlineData("1709510400.0")]
    [InlineData("1709510400000")]
    public void A_time_is_read(string text) => Assert.Equal(FourthOfMarch, TimeText.Parse(text));

    [Theory]
    [InlineData("03/04/2024")]
    [InlineData("3.4.24 17:30")]
    [InlineData("25/03/2024")]
    [InlineData("soon")]
    [InlineData("1e300")]
    public void What_is_none_or_could_be_two_is_not_read(string text) => Assert.Null(TimeText.Parse(text));

    [Fact]
    public void The_whole_column_tells_whether_the_day_comes_first()
    {
        Assert.Equal(FourthOfMarch, TimeText.ParseColumn(["04/03/2024", "25/03/2024"])![0]);
        Assert.Equal(FourthOfMarch, TimeText.ParseColumn(["3/4/24", "3/25/24 17:30"])![0]);
        Assert.Equal(FourthOfMarch.AddHours(17.5), TimeText.ParseColumn(["04.03.2024 17:30", "31.12.2023 00:00"])![0]);
        Assert.Equal(FourthOfMarch.AddDays(-1), TimeText.ParseColumn(["03/03/2024"])![0]);
    }

    [Fact]
    public void A_column_that_fits_both_orders_or_none_is_not_read()
    {
        Assert.Null(TimeText.ParseColumn(["03/04/2024", "05/06/2024"]));
        Assert.Null(TimeText.ParseColumn(["25/03/2024", "03/25/2024"]));
        Assert.Null(TimeText.ParseColumn(["25/03/2024", "soon"]));
    }
}
