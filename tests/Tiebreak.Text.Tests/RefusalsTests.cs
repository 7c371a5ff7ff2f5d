using CsCheck;

namespace Tiebreak.Text.Tests;

public sealed class RefusalsTests
{
    [Theory]
    [InlineData("I'm sorry, but I can't assist with that. As an AI, I have no hands.", 1, 1, 1)]
    [InlineData("I\u2019m sorry, but I can\u2019t help with that.", 1, 1, 0)]
    [InlineData("AS A LANGUAGE MODEL I AM UNABLE TO do so", 1, 0, 1)]
    [InlineData("Es tut mir leid, als KI habe ich keine Meinung.", 0, 1, 1)]
    [InlineData("The answer is 42.", 0, 0, 0)]
    [InlineData(null, 0, 0, 0)]
    public void Phrases_are_found_in_any_case_and_with_either_apostrophe(string? text, int refusals, int apologies, int disclaimers)
    {
        Assert.Equal(refusals, Refusals.CountRefusals(text));
        Assert.Equal(apologies, Refusals.CountApologies(text));
        Assert.Equal(disclaimers, Refusals.CountDisclaimers(text));
    }

    [Fact]
    public void No_phrase_of_a_list_is_the_beginning_of_another() => Assert.All(Refusals.Lists, list =>
        Assert.All(list.All, phrase =>
            Assert.DoesNotContain(list.All, other => other.Length > phrase.Length && other.StartsWith(phrase, StringComparison.Ordinal))));

    [Fact]
    public void Phrases_are_found_wherever_they_begin() => Assert.All(Refusals.Lists, list =>
        Gen.Int[0, list.All.Count - 1].List[0, 8].Sample(picked =>
        {
            // What a search place by place finds; phrases may overlap and lie inside one another.
            var text = string.Concat(picked.Select((k, i) => list.All[k] + (i % 2 == 0 ? "" : " \u2019 я")));
            var expected = Enumerable.Range(0, text.Length)
                .Count(i => list.All.Any(phrase => text.AsSpan(i).StartsWith(phrase, StringComparison.Ordinal)));
            Assert.Equal(expected, list.CountIn(text));
        }));
}
