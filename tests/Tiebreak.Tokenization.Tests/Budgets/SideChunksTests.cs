using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Tokenization.Budgets;

namespace Tiebreak.Tokenization.Tests.Budgets;

public sealed class SideChunksTests
{
    private static readonly Tokenizer Tokenizer = TinyTokenizers.ByteLevel();

    private static readonly Gen<string?> Bodies = Gen.OneOf(
        Gen.Const((string?)null), Gen.Int[0, 40].Select(n => (string?)string.Concat(Enumerable.Repeat("hello world <s> ", n))));

    private static readonly Gen<Battle> Battles = Gen.Select(Bodies, Bodies, Bodies).Array[1, 5].Select(turns => new Battle
    {
        Id = "1",
        Turns = [.. turns.Select(turn => new Turn(turn.Item1, turn.Item2, turn.Item3))],
    });

    [Fact]
    public void A_response_that_is_too_long_is_read_whole_each_part_with_the_prompt()
    {
        var response = string.Concat(Enumerable.Range(0, 200).Select(i => (char)('a' + (i % 26))));
        var battle = new Battle { Id = "1", Turns = [new Turn("why?", response, "b")] };
        var (a, b) = Fitter("encoder_reply", "rounds", 60).FitChunks(battle, 9);

        string[] texts = [.. a.Select(chunk => Tokenizer.Decode(chunk.Ids))];
        Assert.Equal(4, texts.Length);
        Assert.All(texts, text => Assert.Contains("why?", text, StringComparison.Ordinal));
        Assert.Equal(response, string.Concat(a.Select(chunk => Tokenizer.Decode([.. chunk.Ids.Where((_, i) => chunk.TypeIds[i] == 1)])
            .Replace(Tokenizer.TokenOf(301)!, "", StringComparison.Ordinal))));
        Assert.Equal([50, 50, 50, 50], a.Select(chunk => chunk.Kept[(int)BattlePart.ResponseA]));
        Assert.False(FittedBattle.OfChunks(a).IsCut);
        Assert.Equal("b", battle.Turns[0].ResponseB);
        Assert.Single(b);
    }

    [Fact]
    public void Rounds_that_fit_share_a_text_and_the_last_come_first()
    {
        var battle = new Battle
        {
            Id = "1",
            Turns = [Turn('x', 90), Turn('y', 30), Turn('z', 30)],
        };
        var (a, _) = Fitter("reply", "rounds", 130).FitChunks(battle, 9);
        Assert.Equal([2, 1], a.Select(chunk => chunk.TurnsKept));
        Assert.Equal([60, 90], a.Select(chunk => chunk.Kept[1]));

        var (cut, _) = Fitter("reply", "rounds", 130).FitChunks(battle, 1);
        Assert.Equal(Fitter("reply", "rounds", 130).FitReplies(battle).A.Ids, cut.Single().Ids);

        static Turn Turn(char letter, int count) => new("p", new string(letter, count), null);
    }

    [Theory]
    [InlineData("encoder_reply", "rounds")]
    [InlineData("encoder_reply", "thirds")]
    [InlineData("reply", "left")]
    [InlineData("reply", "end")]
    [InlineData("chat_reply", "rounds")]
    public void Every_text_is_within_the_budget_and_a_side_that_fits_stays_one_text(string template, string strategy) =>
        Gen.Select(Battles, Gen.Int[100, 600], Gen.Int[1, 6]).Sample(
            (battle, budget, most) =>
            {
                var fitter = Fitter(template, strategy, budget);
                var (a, b) = fitter.FitChunks(battle, most);
                var (swapped, whole) = (fitter.FitChunks(battle.Swapped(), most), fitter.FitReplies(battle).A);
                Assert.Equal(a.Select(chunk => chunk.Ids), swapped.B.Select(chunk => chunk.Ids));
                Assert.Equal(b.Select(chunk => chunk.Ids), swapped.A.Select(chunk => chunk.Ids));
                Assert.InRange(a.Length, 1, most);
                Assert.All(a, chunk => Assert.InRange(chunk.Ids.Length, 1, budget));
                if (most == 1 || !whole.IsCut)
                    Assert.Equal(whole.Ids, a.Single().Ids);
                var kept = FittedBattle.OfChunks(a);
                Assert.True(kept.Kept.Zip(kept.Tokens).All(part => part.First <= part.Second));
                Assert.InRange(kept.TurnsKept, 1, battle.Turns.Count);
                if (strategy is "rounds")
                    Assert.True(kept.Kept[(int)BattlePart.ResponseA] >= whole.Kept[(int)BattlePart.ResponseA], "less is left");
                if (strategy is "rounds")
                    Assert.Equal(kept.Tokens[1], FittedBattle.OfChunks(fitter.FitChunks(battle, 1000).A).Kept[1]);
            },
            iter: 100);

    private static BattleFitter Fitter(string template, string strategy, int budget) =>
        new(Tokenizer, BattleTemplate.ByName[template], BudgetStrategies.ByName[strategy], budget);
}
