using Tiebreak.Core.Battles;
using Tiebreak.Text;
using Tiebreak.Text.Languages;

namespace Tiebreak.Data.Facts;

/// <summary>Works out the facts of one battle.</summary>
internal static class BattleReading
{
    // A shorter response that occurs in the prompt ("yes", "B") is an answer, not an echo.
    private const int ShortestEcho = 40;

    /// <summary>What can be told without reading the texts.</summary>
    public static BattleFacts Outline(Battle battle)
    {
        var turns = battle.Turns;
        var (blankA, blankB) = (turns.All(turn => IsBlank(turn.ResponseA)), turns.All(turn => IsBlank(turn.ResponseB)));
        return new BattleFacts
        {
            Id = battle.Id,
            ModelA = battle.ModelA,
            ModelB = battle.ModelB,
            Verdict = battle.Verdict,
            Turns = turns.Count,
            PromptLength = turns.Sum(turn => turn.Prompt?.Length ?? 0),
            LengthA = turns.Sum(turn => turn.ResponseA?.Length ?? 0),
            LengthB = turns.Sum(turn => turn.ResponseB?.Length ?? 0),
            Source = battle.Source,
            Tags = battle.Tags,
            License = battle.License,
            Timestamp = battle.Timestamp,
            PromptKey = ContentKey.Of(PromptGroup.KeyOf(battle)),
            BlankPrompt = turns.All(turn => IsBlank(turn.Prompt)),
            NullResponse = turns.Any(turn => turn.ResponseA is null || turn.ResponseB is null),
            EmptyResponse = turns.Any(turn => turn.ResponseA is "" || turn.ResponseB is ""),
            OneSideBlank = blankA != blankB,
            BothSidesBlank = blankA && blankB,
            Identical = turns.Count > 0 && turns.All(turn => string.Equals(turn.ResponseA, turn.ResponseB, StringComparison.Ordinal)),
        };
    }

    /// <summary>What takes a close reading of the texts.</summary>
    public static TextFacts Read(Battle battle, TokenCounter counter)
    {
        var (turns, tokens) = (battle.Turns, 0);
        foreach (var turn in turns)
            tokens += counter.Count(turn.Prompt ?? "") + counter.Count(turn.ResponseA ?? "") + counter.Count(turn.ResponseB ?? "");

        (bool A, bool B)[] refuses =
            [.. turns.Select(turn => (Refusals.CountRefusals(turn.ResponseA) > 0, Refusals.CountRefusals(turn.ResponseB) > 0))];
        var key = ContentKey.Of(battle, out var swapped);
        return new TextFacts
        {
            Tokens = tokens,
            Language = LanguageOf(battle),
            ContentKey = key,
            ContentSwapped = swapped,
            RepeatsPrompt = turns.Any(turn => Repeats(turn.Prompt, turn.ResponseA) || Repeats(turn.Prompt, turn.ResponseB)),
            OneSideRefuses = refuses.Any(sides => sides.A != sides.B),
            BothSidesRefuse = refuses.Any(sides => sides.A && sides.B),
            SpeaksAsMachine = turns.Any(turn =>
                Refusals.CountDisclaimers(turn.ResponseA) > 0 || Refusals.CountDisclaimers(turn.ResponseB) > 0),
            RevealsIdentity = turns.Any(turn =>
                IdentityLeaks.FirstIn(turn.ResponseA) is not null || IdentityLeaks.FirstIn(turn.ResponseB) is not null),
            BrokenCharacters = turns.Any(turn => IsBroken(turn.Prompt) || IsBroken(turn.ResponseA) || IsBroken(turn.ResponseB)),
        };
    }

    /// <summary>
    /// The language as the data states it, else of the prompts; where they are too short to tell, of prompts and answers.
    /// </summary>
    public static string LanguageOf(Battle battle)
    {
        if (battle.Language is { } stated)
            return stated;
        var guess = LanguageIdentifier.Identify(string.Join('\n', battle.Turns.Select(turn => turn.Prompt)));
        if (guess.IsKnown)
            return guess.Name;
        var all = battle.Turns.Select(turn => $"{turn.Prompt}\n{turn.ResponseA}\n{turn.ResponseB}");
        return LanguageIdentifier.Identify(string.Join('\n', all)).Name;
    }

    private static bool IsBlank(string? text) => string.IsNullOrWhiteSpace(text);

    private static bool Repeats(string? prompt, string? response) =>
        response is { Length: >= ShortestEcho } && prompt is not null && prompt.Contains(response, StringComparison.Ordinal);

    private static bool IsBroken(string? text) => text?.Contains('\uFFFD', StringComparison.Ordinal) ?? false;
}
