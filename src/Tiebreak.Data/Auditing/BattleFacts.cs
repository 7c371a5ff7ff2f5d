using Tiebreak.Core.Battles;
using Tiebreak.Text;

namespace Tiebreak.Data.Auditing;

/// <summary>What the audit needs to know of one battle, worked out in one pass over its texts.</summary>
internal readonly record struct BattleFacts(BattleFlags Flags, int Turns, int PromptLength, int LengthA, int LengthB)
{
    // Below this many characters a response that occurs in the prompt ("yes", "B") is an answer, not an echo.
    private const int ShortestEcho = 40;

    public static BattleFacts Of(Battle battle)
    {
        var (prompt, lengthA, lengthB) = (0, 0, 0);
        var flags = BattleFlags.None;
        var identical = battle.Turns.Count > 0;
        var (blankPrompts, refusesA, refusesB) = (true, false, false);
        foreach (var turn in battle.Turns)
        {
            prompt += turn.Prompt?.Length ?? 0;
            lengthA += turn.ResponseA?.Length ?? 0;
            lengthB += turn.ResponseB?.Length ?? 0;
            blankPrompts &= string.IsNullOrWhiteSpace(turn.Prompt);
            identical &= string.Equals(turn.ResponseA, turn.ResponseB, StringComparison.Ordinal);
            refusesA |= Refusals.CountRefusals(turn.ResponseA) > 0;
            refusesB |= Refusals.CountRefusals(turn.ResponseB) > 0;
            flags |= OfTexts(turn);
        }

        var (blankA, blankB) = (IsBlank(battle, turn => turn.ResponseA), IsBlank(battle, turn => turn.ResponseB));
        flags |= If(blankPrompts, BattleFlags.BlankPrompt) | If(blankA && blankB, BattleFlags.BothBlank) | If(blankA != blankB, BattleFlags.OneSideBlank)
            | If(identical, BattleFlags.Identical) | If(identical && battle.Verdict is Verdict.A or Verdict.B, BattleFlags.IdenticalWithWinner)
            | If(refusesA != refusesB, BattleFlags.OneRefuses) | If(refusesA && refusesB, BattleFlags.BothRefuse);
        return new BattleFacts(flags, battle.Turns.Count, prompt, lengthA, lengthB);
    }

    private static BattleFlags OfTexts(Turn turn) =>
        If(turn.ResponseA is null || turn.ResponseB is null, BattleFlags.NullResponse)
        | If(turn.ResponseA is "" || turn.ResponseB is "", BattleFlags.EmptyResponse)
        | If(Repeats(turn.Prompt, turn.ResponseA) || Repeats(turn.Prompt, turn.ResponseB), BattleFlags.RepeatsPrompt)
        | If(Refusals.CountDisclaimers(turn.ResponseA) + Refusals.CountDisclaimers(turn.ResponseB) > 0, BattleFlags.SpeaksAsMachine)
        | If(IsBroken(turn.Prompt) || IsBroken(turn.ResponseA) || IsBroken(turn.ResponseB), BattleFlags.BrokenUnicode);

    private static bool IsBlank(Battle battle, Func<Turn, string?> response) => battle.Turns.All(turn => string.IsNullOrWhiteSpace(response(turn)));

    private static bool Repeats(string? prompt, string? response) =>
        response is { Length: >= ShortestEcho } && prompt is not null && prompt.Contains(response, StringComparison.Ordinal);

    private static bool IsBroken(string? text) => text?.Contains('\uFFFD', StringComparison.Ordinal) ?? false;

    private static BattleFlags If(bool condition, BattleFlags flag) => condition ? flag : BattleFlags.None;
}
