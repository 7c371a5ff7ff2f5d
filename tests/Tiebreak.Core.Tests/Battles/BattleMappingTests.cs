using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Tests.Battles;

public sealed class BattleMappingTests
{
    [Fact]
    public void A_mapping_is_made_of_pairs()
    {
        var mapping = BattleMapping.Of([("prompt", "question")], [("X", "model_a"), ("Z", "bothbad")]);

        Assert.Equal("question", mapping.Columns["prompt"]);
        Assert.Equal((Verdict.A, Verdict.BothBad), (mapping.Winners["X"], mapping.Winners["Z"]));
    }

    [Theory]
    [InlineData("promt", "question", "X", "tie", "The nearest are prompt")]
    [InlineData("prompt", "", "X", "tie", "every name needs one column")]
    [InlineData("prompt", "question", "X", "nobody", "means model_a, model_b, tie or bothbad")]
    [InlineData("prompt", "question", "", "tie", "means model_a, model_b, tie or bothbad")]
    public void What_cannot_be_meant_is_named(string name, string column, string word, string winner, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<InputException>(() => BattleMapping.Of([(name, column)], [(word, winner)])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Twice_the_same_name_or_word_is_named()
    {
        Assert.Throws<InputException>(() => BattleMapping.Of([("id", "a"), ("id", "b")], []));
        Assert.Throws<InputException>(() => BattleMapping.Of([], [("X", "tie"), ("X", "model_a")]));
    }
}
