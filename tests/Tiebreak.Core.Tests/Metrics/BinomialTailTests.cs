using System.Numerics;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Tests.Metrics;

/// <summary>Binomial probabilities against exact sums, and bounds against their defining equation.</summary>
public sealed class BinomialTailTests
{
    [Theory]
    [InlineData(0, 29, 1, 10)]
    [InlineData(3, 12, 1, 4)]
    [InlineData(70, 200, 7, 20)]
    [InlineData(199, 200, 99, 100)]
    [InlineData(1, 500, 1, 2)]
    [InlineData(2538, 5127, 1, 10)] // far above the mean
    [InlineData(300, 5127, 1, 10)] // far below
    public void Probabilities_equal_sums_of_whole_numbers(int errors, int rows, int numerator, int denominator)
    {
        var (sum, binomial) = (BigInteger.Zero, BigInteger.One);
        for (var count = 0; count <= errors; count++)
        {
            sum += binomial * BigInteger.Pow(numerator, count) * BigInteger.Pow(denominator - numerator, rows - count);
            binomial = binomial * (rows - count) / (count + 1);
        }

        var exact = Math.Exp(BigInteger.Log(sum) - (rows * Math.Log(denominator)));
        Assert.Equal(1, BinomialTail.AtMost(errors, rows, (double)numerator / denominator) / exact, 1e-11);
    }

    [Fact]
    public void No_error_in_29_rows_says_less_than_a_tenth() =>
        Assert.Equal(1 - Math.Pow(0.05, 1 / 29.0), BinomialTail.UpperBound(0, 29, 0.95), 1e-12);

    [Theory]
    [InlineData(5, 50)]
    [InlineData(4_000, 50_000)]
    public void Bounds_are_the_rates_at_which_the_tail_is_five_percent(int errors, int rows)
    {
        Assert.Equal(0.05, BinomialTail.AtMost(errors, rows, BinomialTail.UpperBound(errors, rows, 0.95)), 1e-9);
        Assert.Equal(0.95, BinomialTail.AtMost(errors - 1, rows, BinomialTail.LowerBound(errors, rows, 0.95)), 1e-9);
    }

    [Fact]
    public void Ends_are_certain()
    {
        Assert.Equal(1, BinomialTail.UpperBound(7, 7, 0.95));
        Assert.Equal(1, BinomialTail.UpperBound(0, 0, 0.95));
        Assert.Equal(0, BinomialTail.LowerBound(0, 7, 0.95));
    }
}
