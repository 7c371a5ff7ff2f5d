using System.Text.Json;
using Tiebreak.Testing;

namespace Tiebreak.Text.Tests;

public sealed class TokenEstimateTests
{
    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 0)]
    [InlineData("Hello world", 2)]
    [InlineData("The quick brown fox jumps over the lazy dog.", 10)]
    [InlineData("你好世界", 5)]
    public void Short_texts(string? text, int expected) => Assert.Equal(expected, TokenEstimate.Of(text));

    [Fact]
    public void Ordinary_texts_are_estimated_within_a_fifth()
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Repository.Shared("golden", "tokenizers", "cl100k_base", "cases.json")));
        var errors = new List<double>();
        foreach (var row in cases.RootElement.GetProperty("cases").EnumerateArray())
        {
            var tokens = row.GetProperty("ids").GetArrayLength();
            if (tokens >= 20 && row.GetProperty("group").GetString() is "english" or "code" or "judge-template" or "20KB" or "mixed"
                && tokens >= 20)
            {
                errors.Add(Math.Abs(TokenEstimate.Of(row.GetProperty("text").GetString()) - tokens) / (double)tokens);
            }
        }

        Assert.True(errors.Average() < 0.2, $"mean relative error {errors.Average():P1} on {errors.Count} texts");
    }
}
