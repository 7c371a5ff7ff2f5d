using System.Collections.Concurrent;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Tokenization.Chat;

namespace Tiebreak.Tokenization.Budgets;

/// <summary>
/// Writes battles as tokens within a budget; training and scoring both go through it. Safe to use from many threads. But for
/// <see cref="BudgetStrategy.End"/> no response is ever cut away, and exchanging A and B of a battle exchanges what is kept of them.
/// </summary>
public sealed class BattleFitter
{
    private readonly Tokenizer _tokenizer;
    private readonly BattleTemplate _template;
    private readonly BudgetStrategy _strategy;
    private readonly int _budget;
    private readonly ConcurrentDictionary<string, int[]> _frames = new(StringComparer.Ordinal);
    private readonly ChatFrame? _chat;
    private readonly ConversationFrame? _conversation;

    /// <summary>Creates the fitter.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="template">How a battle is written.</param>
    /// <param name="strategy">What is given up.</param>
    /// <param name="budget">Most tokens a battle may have, special tokens included.</param>
    /// <param name="chat">
    /// The model's own chat template, for templates that write to a chat model; null: the turn markers that the vocabulary has.
    /// </param>
    /// <exception cref="InputException">
    /// The budget does not hold the template's own words, the tokenizer lacks what the template needs, or the chat template cannot write a
    /// battle.
    /// </exception>
    public BattleFitter(Tokenizer tokenizer, BattleTemplate template, BudgetStrategy strategy, int budget, ChatTemplate? chat = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(template);
        (_tokenizer, _template, _strategy, _budget) = (tokenizer, template, strategy, budget);
        if (template.IsChat && chat is not null)
            _conversation = new ConversationFrame(chat);
        else if (template.IsChat)
            _chat = ChatFrame.Of(tokenizer);
        if (template.IsChat && chat is null && _chat is null)
        {
            throw new InputException(
                $"The tokenizer has none of the chat tokens that Tiebreak knows, so that the template \"{template.Name}\" cannot be "
                + "written. Write battles as plain text: in a recipe template.is_chat=false, elsewhere the template quoted.");
        }

        if (template.IsEncoder && tokenizer.SpecialAfter.Length == 0)
            throw Unsuited("The template \"encoder\" needs a tokenizer with a separator such as [SEP]. Use `template` sections.");

        var least = Slots(1).Sum(slot => slot.Frame.Length) + 8;
        if (budget < least)
        {
            throw new InputException(
                $"A budget of {budget} tokens is too small: the template \"{template.Name}\" alone needs {least} " +
                "to show something of each side.");
        }

        static InputException Unsuited(string message) => new(message) { Parameters = ["template"] };
    }

    /// <summary>The template's words behind the last text of a battle, as text: what a generator's answer follows.</summary>
    public string End => _template.Closing
        + (_template.Layout is TemplateLayout.Reply ? "" : _conversation is null ? _chat?.After : _conversation.Asked().Parts[1]);

    /// <summary>Writes one battle.</summary>
    /// <exception cref="InputException">The template shows one side alone.</exception>
    public FittedBattle Fit(Battle battle)
    {
        ArgumentNullException.ThrowIfNull(battle);
        return _template.Layout is TemplateLayout.Reply
            ? throw new InputException($"The template \"{_template.Name}\" shows one response alone, for siamese and reward judges. "
                + "Use one that shows both, for instance sections.")
            : Write(battle);
    }

    /// <summary>
    /// Writes the two sides of a battle apart, each with the prompts and within the budget; tokens of the other side count 0.
    /// </summary>
    /// <exception cref="InputException">The template shows both sides.</exception>
    public (FittedBattle A, FittedBattle B) FitReplies(Battle battle)
    {
        ArgumentNullException.ThrowIfNull(battle);
        return (Write(SideOf(battle)), Write(SideOf(battle.Swapped())));
    }

    /// <summary>As <see cref="FitReplies"/>, but a side that the budget does not hold becomes several texts, see SideChunks.</summary>
    /// <param name="battle">The battle.</param>
    /// <param name="most">Most texts of a side.</param>
    /// <exception cref="InputException">The template shows both sides.</exception>
    internal (FittedBattle[] A, FittedBattle[] B) FitChunks(Battle battle, int most)
    {
        var chunks = new SideChunks(Write, most);
        return (chunks.Of(SideOf(battle)), chunks.Of(SideOf(battle.Swapped())));
    }

    // The battle as if B had said nothing.
    private Battle SideOf(Battle battle) => _template.Layout is TemplateLayout.Reply
        ? battle with { Turns = [.. battle.Turns.Select(turn => turn with { ResponseB = null })] }
        : throw new InputException($"The template \"{_template.Name}\" shows both responses. "
            + "A judge that reads each side apart needs one with \"layout: reply\", for instance chat_reply.");

    private int[] WithoutBeginning(int[] frame) => frame.AsSpan().StartsWith(_tokenizer.SpecialBefore.AsSpan())
        ? frame[_tokenizer.SpecialBefore.Length..]
        : frame;

    private FittedBattle Write(Battle battle) => Write(battle, window: null);

    // A window is a part of the tokens of the first turn's response: the rest of it is not there.
    private FittedBattle Write(Battle battle, Range? window)
    {
        var turns = battle.Turns.Count > 0 ? battle.Turns : [new Turn(null, null, null)];
        var bodies = Encode(turns);
        if (window is { } tokensShown)
            bodies[0][(int)BattlePart.ResponseA] = bodies[0][(int)BattlePart.ResponseA][tokensShown];
        var slots = Slots(turns.Count);
        var plan = Plan(bodies, slots);
        if (plan.FirstTurn > 0 && HasConversation)
        {
            // What a chat template writes around a turn depends on the turns before it: the rest is a conversation of its own.
            var rest = Write(battle with { Turns = [.. turns.Skip(plan.FirstTurn)] });
            return rest with { Tokens = Lengths(bodies), Turns = battle.Turns.Count };
        }

        var (ids, types) = (new List<int>(_budget), new List<int>(_budget));
        var shown = new int[3];
        foreach (var slot in slots.Where(slot => slot.Turn < 0 || slot.Turn >= plan.FirstTurn))
        {
            var tokens = slot.Frame.AsSpan();
            if (slot.Part is { } part)
            {
                var (body, kept) = (bodies[slot.Turn][(int)part], plan.Kept[slot.Turn][(int)part]);
                tokens = plan.KeepsEnds ? body.AsSpan(body.Length - kept) : body.AsSpan(0, kept);
            }

            tokens = tokens[..Math.Min(tokens.Length, _budget - ids.Count)];
            if (slot.Part is { } whose && !(whose is BattlePart.Prompt && slot.TypeId == SecondCopy))
                shown[(int)whose] += tokens.Length;
            ids.AddRange(tokens);
            types.AddRange(Enumerable.Repeat(Math.Max(0, slot.TypeId), tokens.Length));
        }

        return new FittedBattle(
            [.. ids], [.. types], Lengths(bodies), shown,
            battle.Turns.Count,
            battle.Turns.Count == 0 ? 0 : turns.Count - plan.FirstTurn);
    }

    private static int[] Lengths(int[][][] bodies) => [.. Enumerable.Range(0, 3).Select(part => bodies.Sum(turn => turn[part].Length))];

    /// <summary>Marks the prompts that a template of transcripts shows again for B: they are counted once.</summary>
    private const int SecondCopy = -1;

    private BudgetPlan Plan(int[][][] bodies, List<TemplateSlot> slots)
    {
        int[][] needs = [.. bodies.Select(turn => turn.Select(body => body.Length).ToArray())];
        int[] frames = [.. Enumerable.Range(0, needs.Length)
            .Select(turn => slots.Where(slot => slot.Turn == turn).Sum(slot => slot.Frame.Length))];
        var plan = new BudgetPlan(needs, frames, _template.Layout is TemplateLayout.Transcripts ? 2 : 1);
        plan.Fit(
            _strategy is BudgetStrategy.End ? BudgetStrategy.Thirds : _strategy,
            _strategy is BudgetStrategy.End
                ? int.MaxValue / 4
                : _budget - slots.Where(slot => slot.Turn < 0).Sum(slot => slot.Frame.Length));
        return plan;
    }

    private List<TemplateSlot> Slots(int turns)
    {
        // A chat template writes the special tokens itself.
        var slots = new List<TemplateSlot>
        {
            new(_conversation is null && !_template.OmitsBeginning ? _tokenizer.SpecialBefore : [], null, -1, 0),
        };
        var isReply = _template.Layout is TemplateLayout.Reply;
        if (!HasConversation)
            Frame((isReply ? "" : _conversation is null ? _chat?.Before : _conversation.Asked().Parts[0]) + _template.Opening, -1);
        switch (_template.Layout)
        {
            case TemplateLayout.Reply when HasConversation:
                var parts = _conversation!.Answered(turns).Parts;
                Frame(_template.Opening + parts[0], -1);
                for (var turn = 0; turn < turns; turn++)
                {
                    Body(_template.PromptLabel, BattlePart.Prompt, turn);
                    Body(parts[(2 * turn) + 1] + _template.TurnLabel, BattlePart.ResponseA, turn);
                    Frame(parts[(2 * turn) + 2], turn < turns - 1 ? turn : -1);
                }

                break;
            case TemplateLayout.Reply when _template.IsEncoder:
                Section(_template.PromptLabel, BattlePart.Prompt, 0);
                Section(_template.ResponseALabel, BattlePart.ResponseA, 1);
                break;
            case TemplateLayout.Reply:
                for (var turn = 0; turn < turns; turn++)
                {
                    Body(_chat?.Before + _template.PromptLabel, BattlePart.Prompt, turn);
                    Body(_chat?.After + _template.TurnLabel, BattlePart.ResponseA, turn);
                    Frame(_chat?.AnswerEnd ?? "", turn);
                }

                break;
            case TemplateLayout.Rounds:
                for (var turn = 0; turn < turns; turn++)
                {
                    Body(_template.PromptLabel, BattlePart.Prompt, turn);
                    Body(_template.ResponseALabel, BattlePart.ResponseA, turn);
                    Body(_template.ResponseBLabel, BattlePart.ResponseB, turn);
                }

                break;
            case TemplateLayout.Sections:
                Section(_template.PromptLabel, BattlePart.Prompt, 0);
                Section(_template.ResponseALabel, BattlePart.ResponseA, _template.IsEncoder ? 1 : 0);
                Section(_template.ResponseBLabel, BattlePart.ResponseB, _template.IsEncoder ? 1 : 0);
                break;
            default:
                Transcript(_template.ResponseALabel, BattlePart.ResponseA, 0);
                Transcript(_template.ResponseBLabel, BattlePart.ResponseB, SecondCopy);
                break;
        }

        Frame(End, -1);
        if (!_template.IsEncoder && _conversation is null)
            slots.Add(new TemplateSlot(_tokenizer.SpecialAfter, null, -1, 0));
        if (_template.OmitsBeginning && slots.FindIndex(slot => slot.Frame.Length > 0) is >= 0 and var first)
            slots[first] = slots[first] with { Frame = WithoutBeginning(slots[first].Frame) };
        return slots;

        void Frame(string text, int turn, int typeId = 0)
        {
            if (text.Length > 0)
            {
                slots.Add(new TemplateSlot(
                    _frames.GetOrAdd(text, key => _tokenizer.Encode(key, new EncodeOptions { ParseSpecial = true })), null, turn, typeId));
            }
        }

        void Body(string label, BattlePart part, int turn, int typeId = 0)
        {
            Frame(label, turn, typeId);
            slots.Add(new TemplateSlot([], part, turn, typeId));
            Frame(_template.BodyEnd, turn, typeId);
        }

        void Section(string label, BattlePart part, int typeId)
        {
            Frame(label, -1, typeId);
            for (var turn = 0; turn < turns; turn++)
                Body(turn > 0 ? _template.TurnLabel : "", part, turn, typeId);
            if (_template.IsEncoder)
                slots.Add(new TemplateSlot(_tokenizer.SpecialAfter, null, -1, typeId));
        }

        void Transcript(string label, BattlePart response, int copy)
        {
            Frame(label, -1);
            for (var turn = 0; turn < turns; turn++)
            {
                Body(_template.PromptLabel, BattlePart.Prompt, turn, copy);
                Body(_template.TurnLabel, response, turn);
            }
        }
    }

    /// <summary>Whether a side is written by the model's chat template, turn by turn.</summary>
    private bool HasConversation => _conversation is not null && _template.Layout is TemplateLayout.Reply;

    private int[][][] Encode(IReadOnlyList<Turn> turns)
    {
        var frame = HasConversation ? _conversation!.Answered(turns.Count) : null;
        return
        [
            .. turns.Select((turn, i) => new[]
            {
                Text(turn.Prompt, 2 * i), Text(turn.ResponseA, (2 * i) + 1), Text(turn.ResponseB, (2 * i) + 1),
            }),
        ];

        int[] Text(string? text, int place) => string.IsNullOrEmpty(text)
            ? []
            : _tokenizer.Encode(frame is null ? text : frame.Trim(place, text), EncodeOptions.PlainText);
    }
}

/// <summary>A place in a written battle: a frame, or one text of one turn.</summary>
/// <param name="Frame">Ids of the frame; empty for a text.</param>
/// <param name="Part">Whose text, or null for a frame.</param>
/// <param name="Turn">The turn that the place belongs to and goes with, or -1.</param>
/// <param name="TypeId">Segment number.</param>
internal readonly record struct TemplateSlot(int[] Frame, BattlePart? Part, int Turn, int TypeId);
