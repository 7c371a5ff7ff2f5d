using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Tests.Battles;

public sealed class AnnotatorVoteTests
{
    private static readonly Battle Battle = new() { Id = "1", Turns = [], ModelA = "m (2)", ModelB = "n" };

    [Theory]
    [InlineData("model_a (3)", Verdict.A, 3, -3)]
    [InlineData("B (1)", Verdict.B, 1, 1)]
    [InlineData("right", Verdict.B, null, 1)]
    [InlineData("tie", Verdict.Tie, null, 0)]
    [InlineData("tie (bothbad)", Verdict.BothBad, null, 0)]
    [InlineData("n", Verdict.B, null, 1)]
    public void Words_and_strengths_are_read(string text, Verdict verdict, int? strength, int grade)
    {
        var vote = AnnotatorVote.Parse(text, Battle)!.Value;
        Assert.Equal((verdict, strength, grade), (vote.Verdict, vote.Strength, vote.Grade));
        Assert.Equal(vote, AnnotatorVote.Parse(vote.Format(), Battle));
    }

    [Theory]
    [InlineData("")]
    [InlineData("perhaps")]
    [InlineData("model_a (0)")]
    [InlineData("model_a (99)")]
    public void Other_words_are_no_vote(string text) => Assert.Null(AnnotatorVote.Parse(text, Battle));
}
