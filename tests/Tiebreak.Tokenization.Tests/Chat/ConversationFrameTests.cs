using System.Text.Json;
using CsCheck;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Tokenization.Chat;

namespace Tiebreak.Tokenization.Tests.Chat;

/// <summary>Battles that are written with a model's own chat template.</summary>
public sealed class ConversationFrameTests
{
    // Says who it is where nobody else does, trims, and writes the last answer in another way than those before it.
    private const string Template =
        """
        {{ '<s>' }}{% if messages[0].role != 'system' %}{{ '<|im_start|>system\nHelpful.<|im_end|>\n' }}{% endif %}
        {%- for message in messages %}
        {{- '<|im_start|>' + message.role + '\n' + ('* ' if loop.last else '') + message.content|trim + '<|im_end|>' }}
        {%- if not loop.last %}{{ '\n' }}{% endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ '\n<|im_start|>assistant\n' }}{% endif %}
        """;

    private static readonly Tokenizer Tokenizer = TinyTokenizers.ByteLevel();
    private static readonly ChatTemplate Chat = ChatTemplate.Parse(Template);

    [Fact]
    public void A_reply_is_what_the_template_makes_of_the_conversation()
    {
        var battle = new Battle { Id = "1", Turns = [new Turn(" p\n", "q", "r"), new Turn("s", "t", " u ")] };
        var (a, b) = Fitter("chat_reply", 1000).FitReplies(battle);
        Assert.Equal(Rendered("p", "q", "s", "t"), Tokenizer.Decode(a.Ids));
        Assert.Equal(Rendered("p", "r", "s", "u"), Tokenizer.Decode(b.Ids));
        Assert.Equal(
            "<s><|im_start|>system\nHelpful.<|im_end|>\n<|im_start|>user\np<|im_end|>\n<|im_start|>assistant\nq<|im_end|>\n"
                + "<|im_start|>user\ns<|im_end|>\n<|im_start|>assistant\n* t<|im_end|>",
            Tokenizer.Decode(a.Ids));
    }

    [Fact]
    public void Turns_that_are_left_out_leave_a_conversation_of_the_others() =>
        Gen.Select(Gen.Int[0, 60].Array[2, 8], Gen.Int[90, 300]).Sample(
            (lengths, budget) =>
            {
                var turns = lengths.Select((length, i) => new Turn($"{i}", new string('x', length + 1), "b")).ToArray();
                var (a, _) = Fitter("chat_reply", budget).FitReplies(new Battle { Id = "1", Turns = [.. turns] });
                Assert.InRange(a.Length, 1, budget);
                Assert.Equal(lengths.Length, a.Turns);
                Assert.Equal(lengths.Sum() + lengths.Length, a.Tokens[1]);
                if (a.TurnsKept < lengths.Length || a.Kept[1] < a.Tokens[1])
                    return;
                Assert.Equal(
                    Rendered([.. turns.SelectMany(turn => new[] { turn.Prompt!, turn.ResponseA! })]), Tokenizer.Decode(a.Ids));
            });

    [Fact]
    public void The_first_turn_that_is_kept_stands_behind_the_opening()
    {
        var battle = new Battle { Id = "1", Turns = [new Turn("first", new string('x', 500), "r"), new Turn("second", new string('t', 40), "u")] };
        var (a, _) = Fitter("chat_reply", 130).FitReplies(battle);
        Assert.Equal(1, a.TurnsKept);
        Assert.Equal(2, a.Turns);
        Assert.Equal(Rendered("second", new string('t', 40)), Tokenizer.Decode(a.Ids));
    }

    [Fact]
    public void A_pair_is_one_message_with_the_beginning_of_the_answer()
    {
        var fitter = Fitter("chat", 1000);
        var fitted = Tokenizer.Decode(fitter.Fit(new Battle { Id = "1", Turns = [new Turn("p", "q", "r")] }).Ids);
        var begin = "<s><|im_start|>system\nHelpful.<|im_end|>\n<|im_start|>user\n* Two chatbots";
        Assert.StartsWith(begin, fitted, StringComparison.Ordinal);
        Assert.EndsWith("Answer with A, B or tie.<|im_end|>\n<|im_start|>assistant\n", fitted, StringComparison.Ordinal);
        Assert.Equal("Answer with A, B or tie.<|im_end|>\n<|im_start|>assistant\n", fitter.End);
    }

    [Theory]
    [InlineData("{{ raise_exception('No thanks') }}", "No thanks")]
    [InlineData("{{ messages[0].content }}", "does not show every text")]
    [InlineData("{% for m in messages %}{{ m.content|lower }}{% endfor %}", "does not show every text")]
    [InlineData("{% for m in messages %}{{ m.content }}{{ m.content }}{% endfor %}", "does not show every text")]
    [InlineData("{% for m in messages %}{{ m.content.nothing.at.all }}{% endfor %}", "str has no attribute")]
    public void A_template_that_cannot_write_a_battle_is_refused(string template, string said)
    {
        var exception = Assert.Throws<InputException>(
            () => new BattleFitter(Tokenizer, BattleTemplate.ByName["chat_reply"], BudgetStrategy.Rounds, 1000, ChatTemplate.Parse(template)));
        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
        Assert.Contains("vocabulary", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Templates_that_write_no_chat_do_not_ask_for_it()
    {
        var battle = new Battle { Id = "1", Turns = [new Turn("p", "q", "r")] };
        var with = new BattleFitter(
            Tokenizer, BattleTemplate.ByName["sections"], BudgetStrategy.Rounds, 1000, ChatTemplate.Parse("{{ raise_exception('No') }}"));
        var without = new BattleFitter(Tokenizer, BattleTemplate.ByName["sections"], BudgetStrategy.Rounds, 1000);
        Assert.Equal(without.Fit(battle).Ids, with.Fit(battle).Ids);
    }

    private static BattleFitter Fitter(string template, int budget) =>
        new(Tokenizer, BattleTemplate.ByName[template], BudgetStrategy.Rounds, budget, Chat);

    private static string Rendered(params string[] texts)
    {
        var messages = texts.Select((content, i) => new { role = i % 2 == 0 ? "user" : "assistant", content });
        return Chat.Render(JsonSerializer.SerializeToElement(messages), addGenerationPrompt: false, default, default);
    }
}
