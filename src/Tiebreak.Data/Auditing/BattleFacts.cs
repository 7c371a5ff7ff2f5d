using Tiebreak.Core.Battles;
using Tiebreak.Text;
using Tiebreak.Text.Languages;

namespace Tiebreak.Data.Auditing;

/// <summary>What the audit needs to know of one battle, worked out in one pass over its texts.</summary>
internal readonly record struct BattleFacts(
    BattleFlags Flags, int Turns, int PromptLength, int LengthA, int LengthB, int Tokens, string Language)
{
    // Below this many characters a response that occurs in the prompt ("yes", "B") is an answer, not an echo.
    private const int ShortestEcho = 40;

    public static BattleFacts Of(Battle battle, TokenCounter counter)
    {
        var (prompt, lengthA, lengthB, tokens) = (0, 0, 0, 0);
        var flags = BattleFlags.None;
        var identical = battle.Turns.Count > 0;
        var blankPrompts = true;
        foreach (var turn in battle.Turns)
        {
            prompt += turn.Prompt?.Length ?? 0;
            lengthA += turn.ResponseA?.Length ?? 0;
            lengthB += turn.ResponseB?.Length ?? 0;
            tokens += counter.Count(turn.Prompt ?? "") + counter.Count(turn.ResponseA ?? "") + counter.Count(turn.ResponseB ?? "");
            blankPrompts &= string.IsNullOrWhiteSpace(turn.Prompt);
            identical &= string.Equals(turn.ResponseA, turn.ResponseB, StringComparison.Ordinal);
            flags |= OfTexts(turn);
        }

        var (blankA, blankB) = (IsBlank(battle, turn => turn.ResponseA), IsBlank(battle, turn => turn.ResponseB));
        flags |= If(blankPrompts, BattleFlags.BlankPrompt) | If(blankA && blankB, BattleFlags.BothBlank)
            | If(blankA != blankB, BattleFlags.OneSideBlank)
            | If(identical, BattleFlags.Identical) | If(
                identical && battle.Verdict is Verdict.A or Verdict.B, BattleFlags.IdenticalWithWinner);
        return new BattleFacts(flags, battle.Turns.Count, prompt, lengthA, lengthB, tokens, LanguageOf(battle));
    }

    /// <summary>
    /// The language as the data states it, or identified: what the person wrote says best which was spoken; a prompt of few words is helped
    /// by the answers.
    /// </summary>
    public static string LanguageOf(Battle battle)
    {
        if (battle.Language is { } stated)
            return stated;
        var guess = LanguageIdentifier.Identify(string.Join('\n', battle.Turns.Select(turn => turn.Prompt)));
        return guess.IsKnown
            ? guess.Name
            : LanguageIdentifier.Identify(string.Join(
                '\n', battle.Turns.Select(turn => $"{turn.Prompt}\n{turn.ResponseA}\n{turn.ResponseB}"))).Name;
    }

    private static BattleFlags OfTexts(Turn turn)
    {
        var (refusesA, refusesB) = (Refusals.CountRefusals(turn.ResponseA) > 0, Refusals.CountRefusals(turn.ResponseB) > 0);
        return If(refusesA != refusesB, BattleFlags.OneRefuses) | If(refusesA && refusesB, BattleFlags.BothRefuse)
            | If(turn.ResponseA is null || turn.ResponseB is null, BattleFlags.NullResponse)
            | If(turn.ResponseA is "" || turn.ResponseB is "", BattleFlags.EmptyResponse)
            | If(Repeats(turn.Prompt, turn.ResponseA) || Repeats(turn.Prompt, turn.ResponseB), BattleFlags.RepeatsPrompt)
            | If(Refusals.CountDisclaimers(turn.ResponseA) + Refusals.CountDisclaimers(turn.ResponseB) > 0, BattleFlags.SpeaksAsMachine)
            | If(
                IdentityLeaks.FirstIn(turn.ResponseA) is not null || IdentityLeaks.FirstIn(turn.ResponseB) is not null,
                BattleFlags.RevealsIdentity)
            | If(IsBroken(turn.Prompt) || IsBroken(turn.ResponseA) || IsBroken(turn.ResponseB), BattleFlags.BrokenUnicode);
    }

    private static bool IsBlank(Battle battle, Func<Turn, string?> response) =>
        battle.Turns.All(turn => string.IsNullOrWhiteSpace(response(turn)));

    private static bool Repeats(string? prompt, string? response) =>
        response is { Length: >= ShortestEcho } && prompt is not null && prompt.Contains(response, StringComparison.Ordinal);

    private static bool IsBroken(string? text) => text?.Contains('\uFFFD', StringComparison.Ordinal) ?? false;

    private static BattleFlags If(bool condition, BattleFlags flag) => condition ? flag : BattleFlags.None;
}
