using System.Globalization;
using System.Text;
using CsCheck;
using Tiebreak.Data.Votes;

namespace Tiebreak.Data.Tests.Votes;

public sealed class PlainNumberTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1682351591.1322", 1682351591.1322)]
    [InlineData("999999999999999", 999999999999999)]
    [InlineData("9999999999999999", 9999999999999999)]
    [InlineData("0.1234567890123456789", 0.1234567890123456789)]
    [InlineData("-1.5", -1.5)]
    [InlineData("1e3", 1000)]
    public void Numbers_are_read(string text, double expected)
    {
        Assert.True(PlainNumber.TryParse(Encoding.UTF8.GetBytes(text), out var number));
        Assert.Equal(expected, number);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1.2.3")]
    [InlineData("12x")]
    [InlineData("x12")]
    public void Other_texts_are_none(string text) => Assert.False(PlainNumber.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Every_number_is_rounded_as_the_framework_does() => Gen.Select(Gen.ULong[0, 999_999_999_999_999], Gen.Int[0, 14])
        .Sample((digits, decimals) =>
        {
            var text = digits.ToString("D15", CultureInfo.InvariantCulture).Insert(15 - decimals, ".").TrimEnd('.');
            Assert.True(PlainNumber.TryParse(Encoding.UTF8.GetBytes(text), out var number));
            Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), number);
        });
}
