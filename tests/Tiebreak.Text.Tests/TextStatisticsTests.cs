using CsCheck;

namespace Tiebreak.Text.Tests;

public sealed class TextStatisticsTests
{
    [Fact]
    public void A_text_counted_by_hand()
    {
        var counts = TextStatistics.Of("Hello there, Anna! It costs 25 EUR.\nReally?\n\nYes: wonderful.");

        Assert.Equal(
            new TextStatistics
            {
                Characters = 60,
                Words = 10,
                WordCharacters = 44,
                LongWords = 1,
                Sentences = 4,
                Lines = 3,
                Paragraphs = 2,
                Digits = 2,
                UpperCase = 8,
                Commas = 2,
                Questions = 1,
                Exclamations = 1,
                NonAscii = 0,
            },
            counts);
    }

    [Fact]
    public void Nothing_counts_nothing()
    {
        Assert.Equal(default, TextStatistics.Of(null));
        Assert.Equal(default, TextStatistics.Of(""));
    }

    [Fact]
    public void Texts_kept_apart_by_an_empty_line_add_up() =>
        Gen.Select(Gen.String, Gen.String).Sample((one, other) =>
        {
            var (first, second) = (TextStatistics.Of(one), TextStatistics.Of(other));
            var (sum, together) = (first + second, TextStatistics.Of(one + "\n\n" + other));
            return together.Words == sum.Words && together.Lines == sum.Lines && together.Paragraphs == sum.Paragraphs
                && together.Characters == sum.Characters + 2 && together.NonAscii == sum.NonAscii && together.Digits == sum.Digits;
        });
}
