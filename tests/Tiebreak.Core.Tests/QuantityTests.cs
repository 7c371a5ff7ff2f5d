namespace Tiebreak.Core.Tests;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(1204.4, "1,204/s")]
    [InlineData(10, "10/s")]
    [InlineData(2.54, "2.5/s")]
    [InlineData(0.0372, "0.037/s")]
    public void A_rate_below_ten_a_second_keeps_two_digits(double rate, string expected) =>
        Assert.Equal(expected, Quantity.PerSecond(rate));
}
