using CsCheck;
using Tiebreak.Explorer.Rendering;

namespace Tiebreak.Explorer.Tests.Rendering;

public sealed class TextDifferenceTests
{
    [Fact]
    public void Shared_words_are_found()
    {
        var (a, b) = TextDifference.Of("the quick brown fox", "the slow brown fox jumps")!.Value;
        Assert.Equal([("the ", true), ("quick ", false), ("brown fox", true)], a.Select(part => (part.Text, part.IsShared)));
        Assert.Equal(
            [("the ", true), ("slow ", false), ("brown fox ", true), ("jumps", false)], b.Select(part => (part.Text, part.IsShared)));
    }

    [Fact]
    public void Parts_are_the_texts_and_as_many_words_are_shared_as_can_be()
    {
        var text = Gen.OneOf("a ", "b ", "c ", "d\n").Array[0, 12];
        Gen.Select(text, text).Sample((one, other) =>
        {
            var (a, b) = TextDifference.Of(string.Concat(one), string.Concat(other))!.Value;
            return IsSame(string.Concat(a.Select(part => part.Text)), string.Concat(one))
                && IsSame(string.Concat(b.Select(part => part.Text)), string.Concat(other))
                && SharedWords(a).SequenceEqual(SharedWords(b)) && SharedWords(a).Count() == LongestCommon(one, other);
        });
    }

    [Fact]
    public void Texts_without_anything_in_common_are_not_compared_for_long() => Assert.Null(TextDifference.Of(
        string.Join(' ', Enumerable.Range(0, 5_000).Select(i => $"a{i}")), string.Join(' ', Enumerable.Range(0, 5_000).Select(i => $"b{i}"))));

    private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);

    private static IEnumerable<string> SharedWords(IReadOnlyList<TextPart> parts) =>
        parts.Where(part => part.IsShared).SelectMany(part => part.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static int LongestCommon(string[] one, string[] other)
    {
        var lengths = new int[one.Length + 1, other.Length + 1];
        for (var i = 1; i <= one.Length; i++)
        {
            for (var j = 1; j <= other.Length; j++)
            {
                lengths[i, j] = IsSame(one[i - 1], other[j - 1])
                    ? lengths[i - 1, j - 1] + 1
                    : Math.Max(lengths[i - 1, j], lengths[i, j - 1]);
            }
        }

        return lengths[one.Length, other.Length];
    }
}
