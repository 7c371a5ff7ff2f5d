using System.Text.Json.Nodes;
using CsCheck;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Tokenization.Chat;

namespace Tiebreak.Tokenization.Tests.Budgets;

public sealed class BattleFitterTests
{
    private static readonly Tokenizer Tokenizer = TinyTokenizers.ByteLevel();

    private static readonly Gen<string?> Bodies = Gen.OneOf(
        Gen.Const((string?)null), Gen.Const((string?)""), Gen.Int[0, 400].Select(length => (string?)new string('x', length)),
        Gen.Int[0, 40].Select(n => (string?)string.Concat(Enumerable.Repeat("hello world <s> ", n))));

    private static readonly Gen<Battle> Battles = Gen.Select(Bodies, Bodies, Bodies).Array[1, 5].Select(turns => new Battle
    {
        Id = "1",
        Turns = [.. turns.Select(turn => new Turn(turn.Item1, turn.Item2, turn.Item3))],
    });

    public static TheoryData<string, string> All => Templates(areReplies: false);

    public static TheoryData<string, string> Replies => Templates(areReplies: true);

    [Theory]
    [MemberData(nameof(All))]
    public void Never_over_budget_both_sides_present_equivariant_to_the_swap(string template, string strategy)
    {
        var least = Least(template);
        Gen.Select(Battles, Gen.Int[least, least + 600]).Sample(
            (battle, budget) =>
            {
                var fitter = new BattleFitter(Tokenizer, BattleTemplate.ByName[template], BudgetStrategies.ByName[strategy], budget);
                var (fitted, swapped) = (fitter.Fit(battle), fitter.Fit(battle.Swapped()));
                Assert.InRange(fitted.Ids.Length, 1, budget);
                Assert.Equal(fitted.Ids.Length, fitted.TypeIds.Length);
                if (strategy is "end")
                    return;

                Assert.Equal(fitted.Ids.Length, swapped.Ids.Length);
                Assert.Equal([fitted.Kept[0], fitted.Kept[2], fitted.Kept[1]], swapped.Kept);
                var last = battle.Turns[^1];
                Assert.True(string.IsNullOrEmpty(last.ResponseA) || fitted.Kept[1] > 0, "A was cut away");
                Assert.True(string.IsNullOrEmpty(last.ResponseB) || fitted.Kept[2] > 0, "B was cut away");
            },
            iter: 150);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_battle_that_fits_is_left_whole(string template, string strategy) => Battles.Sample(
        battle =>
        {
            var fitted = new BattleFitter(
                Tokenizer, BattleTemplate.ByName[template], BudgetStrategies.ByName[strategy], 100_000).Fit(battle);
            Assert.False(fitted.IsCut);
            Assert.Equal(battle.Turns.Count, fitted.TurnsKept);
        },
        iter: 50);

    /// <summary>The token that begins a text is the tokenizer's, or the first of a chat template.</summary>
    [Theory]
    [InlineData("sections", null)]
    [InlineData("sections", "{{ bos_token }}[user]{{ messages[0]['content'] }}[end]")]
    [InlineData("reply", "{{ bos_token }}{% for message in messages %}[{{ message['role'] }}]{{ message['content'] }}{% endfor %}")]
    public void The_beginning_is_left_out_where_the_template_says_so(string layout, string? jinja)
    {
        var keys = new JsonObject { ["layout"] = layout, ["is_chat"] = jinja is not null };
        var chat = jinja is null
            ? null
            : ChatTemplate.Parse(jinja, new Dictionary<string, string>(StringComparer.Ordinal) { ["bos_token"] = "<s>" });
        var battle = new Battle { Id = "1", Turns = [new Turn("hello", "world", "<s> hello")] };
        var (with, without) = (Ids(keys), Ids(With(keys, "omits_beginning")));
        Assert.Equal(Tokenizer.SpecialBefore, with[..1]);
        Assert.Equal(with[1..], without);
        Assert.DoesNotContain(Tokenizer.SpecialBefore[0], without);

        Assert.True((bool)BattleTemplate.Parse("mine", With(keys, "omits_beginning")).ToJson()["omits_beginning"]!);
        Assert.Throws<InputException>(() => BattleTemplate.Parse("mine", With(With(keys, "omits_beginning"), "is_encoder")));

        int[] Ids(JsonObject template)
        {
            var fitter = new BattleFitter(Tokenizer, BattleTemplate.Parse("mine", template), BudgetStrategy.Rounds, 500, chat);
            return layout is "reply" ? fitter.FitReplies(battle).A.Ids : fitter.Fit(battle).Ids;
        }

        static JsonObject With(JsonObject keys, string flag)
        {
            var changed = keys.DeepClone().AsObject();
            changed[flag] = true;
            return changed;
        }
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void Replies_are_within_budget_and_each_is_that_of_its_side_alone(string template, string strategy)
    {
        Gen.Select(Battles, Gen.Int[80, 500]).Sample(
            (battle, budget) =>
            {
                var fitter = new BattleFitter(Tokenizer, BattleTemplate.ByName[template], BudgetStrategies.ByName[strategy], budget);
                var (a, b) = fitter.FitReplies(battle);
                var swapped = fitter.FitReplies(battle.Swapped());
                Assert.Equal(a.Ids, swapped.B.Ids);
                Assert.Equal(b.Ids, swapped.A.Ids);
                Assert.InRange(Math.Max(a.Length, b.Length), 1, budget);
                Assert.Equal(0, a.Tokens[(int)BattlePart.ResponseB]);
                Assert.Equal(
                    a.Ids,
                    fitter.FitReplies(battle with { Turns = [.. battle.Turns.Select(turn => turn with { ResponseB = "other" })] }).A.Ids);
                if (strategy is not "end")
                    Assert.True(string.IsNullOrEmpty(battle.Turns[^1].ResponseA) || a.Kept[1] > 0, "the response was cut away");
            },
            iter: 100);
    }

    [Fact]
    public void A_reply_in_a_chat_has_the_markers_of_every_turn()
    {
        var battle = new Battle { Id = "1", Turns = [new Turn("p", "q", "r"), new Turn("s", "t", "u")] };
        var (_, b) = new BattleFitter(Tokenizer, BattleTemplate.ByName["chat_reply"], BudgetStrategy.Rounds, 1000).FitReplies(battle);
        Assert.Equal(
            "<s><|im_start|>user\np<|im_end|>\n<|im_start|>assistant\nr<|im_end|>\n<|im_start|>user\ns<|im_end|>\n<|im_start|>assistant\n"
                + "u<|im_end|>\n</s>",
            Tokenizer.Decode(b.Ids));
    }

    [Fact]
    public void A_reply_for_an_encoder_is_a_pair()
    {
        var battle = new Battle { Id = "1", Turns = [new Turn("p", "q", "r")] };
        var (a, _) = new BattleFitter(Tokenizer, BattleTemplate.ByName["encoder_reply"], BudgetStrategy.Rounds, 1000).FitReplies(battle);
        Assert.Equal([300, 'p', 301, 'q', 301], a.Ids);
        Assert.Equal([0, 0, 0, 1, 1], a.TypeIds);
    }

    [Theory]
    [InlineData("chat_reply", "shows one response alone")]
    [InlineData("chat", "shows both responses")]
    public void One_side_and_both_are_not_mixed_up(string template, string said)
    {
        var fitter = new BattleFitter(Tokenizer, BattleTemplate.ByName[template], BudgetStrategy.Rounds, 1000);
        var battle = new Battle { Id = "1", Turns = [] };
        Assert.Contains(
            said,
            Assert.Throws<InputException>(() => template is "chat" ? fitter.FitReplies(battle).A : fitter.Fit(battle)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_is_what_its_keys_say()
    {
        foreach (var template in BattleTemplate.ByName.Values)
            Assert.Equal(template, BattleTemplate.Parse(template.Name, template.ToJson()));
    }

    [Fact]
    public void The_last_round_shares_twenty_forty_forty()
    {
        var battle = new Battle { Id = "1", Turns = [new Turn(new string('p', 1000), new string('q', 1000), new string('r', 1000))] };
        var frame = Fit(battle with { Turns = [new Turn(null, null, null)] }, "rounds", BudgetStrategy.Rounds, 1000).Ids.Length;
        var fitted = Fit(battle, "rounds", BudgetStrategy.Rounds, frame + 502);
        Assert.Equal([100, 201, 201], fitted.Kept);
    }

    [Fact]
    public void Whole_rounds_are_kept_from_the_last_one_back()
    {
        var battle = new Battle
        {
            Id = "1",
            Turns = [.. Enumerable.Range(0, 6)
                .Select(turn => new Turn(new string('p', 50), new string('q', 50), new string((char)('a' + turn), 50)))],
        };
        var fitted = Fit(battle, "rounds", BudgetStrategy.Rounds, 600);
        Assert.True(fitted.TurnsKept is > 1 and < 6, $"{fitted.TurnsKept} turns");
        var text = Tokenizer.Decode(fitted.Ids);
        Assert.Contains("fffff", text, StringComparison.Ordinal);
        Assert.DoesNotContain("aaaaa", text.Replace("response_a", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void The_longer_response_gives_way_first()
    {
        var battle = new Battle { Id = "1", Turns = [new Turn("pppp", new string('q', 900), new string('r', 100))] };
        var fitted = Fit(battle, "sections", BudgetStrategy.Longer, 400);
        Assert.Equal(100, fitted.Kept[2]);
        Assert.True(fitted.Kept[1] is > 100 and < 900);
    }

    [Fact]
    public void The_end_cut_loses_the_second_response()
    {
        var battle = new Battle { Id = "1", Turns = [new Turn("pppp", new string('q', 900), new string('r', 900))] };
        var fitted = Fit(battle, "sections", BudgetStrategy.End, 300);
        Assert.Equal(0, fitted.Kept[2]);
        Assert.Equal(1, new BudgetReport([fitted]).Parts[2].Gone);
    }

    [Fact]
    public void Texts_cannot_forge_special_tokens_and_frames_can()
    {
        var battle = new Battle { Id = "1", Turns = [new Turn("<|im_start|>", "<|im_end|>", "</s>")] };
        var ids = Fit(battle, "chat", BudgetStrategy.Rounds, 1000).Ids;
        Assert.Equal(2, ids.Count(id => id == 302));
        Assert.Equal(1, ids.Count(id => id == 303));
    }

    [Fact]
    public void An_encoder_gets_its_separators_and_segments()
    {
        var battle = new Battle { Id = "1", Turns = [new Turn("pp", "qqq", "r")] };
        var fitted = Fit(battle, "encoder", BudgetStrategy.Rounds, 100);
        Assert.Equal([300, 'p', 'p', 301, 'q', 'q', 'q', 301, 'r', 301], fitted.Ids);
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, 1, 1], fitted.TypeIds);
    }

    [Fact]
    public void A_budget_below_the_template_is_refused() =>
        Assert.Contains(
            "too small",
            Assert.Throws<InputException>(() => Fit(new Battle { Id = "1", Turns = [] }, "chat", BudgetStrategy.Rounds, 20)).Message,
            StringComparison.Ordinal);

    private static TheoryData<string, string> Templates(bool areReplies) =>
        [.. BattleTemplate.ByName.Values.Where(template => template.Layout is TemplateLayout.Reply == areReplies)
            .SelectMany(template => BudgetStrategies.ByName.Keys.Select(strategy => (template.Name, strategy)))];

    private static FittedBattle Fit(Battle battle, string template, BudgetStrategy strategy, int budget) =>
        new BattleFitter(Tokenizer, BattleTemplate.ByName[template], strategy, budget).Fit(battle);

    private static int Least(string template)
    {
        for (var budget = 8; ; budget++)
        {
            try
            {
                _ = new BattleFitter(Tokenizer, BattleTemplate.ByName[template], BudgetStrategy.Rounds, budget);
                return budget;
            }
            catch (InputException)
            {
                // Still too small.
            }
        }
    }
}
