using Tiebreak.Core.Battles;
using Tiebreak.Text;

namespace Tiebreak.Data.Cleaning;

/// <summary>What each rule does. A rule looks at a battle alone, but for the one about frequent prompts.</summary>
internal static class CleaningRules
{
    public static readonly IReadOnlyList<CleaningRule> InOrder =
    [
        DropIf("both-empty", "Drops battles in which neither side said anything (null or blank in every turn).", onByDefault: true,
            battle => IsEmpty(battle, A) && IsEmpty(battle, B)),
        DropIf("blank-prompt", "Drops battles in which every prompt is null or blank.", onByDefault: true,
            battle => IsEmpty(battle, turn => turn.Prompt)),
        DropIf("identical-drop", "Drops battles whose responses are identical and that have a winner.", onByDefault: false,
            battle => HasWinner(battle) && AreIdentical(battle)),
        Relabel("identical-tie", "Makes battles whose responses are identical a tie.", onByDefault: true,
            battle => HasWinner(battle) && AreIdentical(battle) ? Verdict.Tie : null),
        DropIf("one-empty-drop", "Drops battles in which one side said nothing.", onByDefault: false,
            battle => IsEmpty(battle, A) != IsEmpty(battle, B)),
        Relabel("one-empty-relabel", "Where one side said nothing, makes the other the winner.", onByDefault: false,
            battle => (IsEmpty(battle, A), IsEmpty(battle, B)) switch
            {
                (true, false) => Verdict.B,
                (false, true) => Verdict.A,
                _ => null,
            }),
        DropIf(
            "identity-leak",
            "Drops battles in which a response says which model it is or who made it: the vote was not blind.",
            onByDefault: false,
            battle => battle.Turns.Any(turn => IdentityLeaks.FirstIn(turn.ResponseA) is not null
                || IdentityLeaks.FirstIn(turn.ResponseB) is not null)),
        DropIf("both-refuse", "Drops battles in which both sides refuse the task.", onByDefault: false,
            battle => battle.Turns.Any(turn => Refusals.CountRefusals(turn.ResponseA) > 0)
                && battle.Turns.Any(turn => Refusals.CountRefusals(turn.ResponseB) > 0)),
        DropIf(
            "broken-unicode",
            "Drops battles with replacement characters (U+FFFD) or halves of surrogate pairs in a text.",
            onByDefault: false,
            battle => battle.Turns.Any(turn => IsBroken(turn.Prompt) || IsBroken(turn.ResponseA) || IsBroken(turn.ResponseB))),
        new(
            "frequent-prompt",
            "Samples down the prompts that occur more often than 99.99 % of all prompts do, to that number of battles each.",
            onByDefault: false,
            (battles, _) => FrequentPrompts.SampleDown(battles)),
    ];

    private static CleaningRule DropIf(string name, string description, bool onByDefault, Predicate<Battle> drop) =>
        new(name, description, onByDefault, (battles, threads) =>
        {
            var left = new Battle?[battles.Count];
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
            Parallel.For(0, left.Length, parallel, i => left[i] = drop(battles[i]) ? null : battles[i]);
            return left;
        });

    // An unlabelled battle gets no label, and one that has the right label already is left alone.
    private static CleaningRule Relabel(string name, string description, bool onByDefault, Func<Battle, Verdict?> right) =>
        new(name, description, onByDefault, (battles, _) =>
        [
            .. battles.Select(battle =>
                battle.Target is { } label && right(battle) is { } verdict && label != Preference.Certain(verdict.ToOutcome())
                    ? battle with { Verdict = verdict, SoftLabel = null }
                    : battle),
        ]);

    private static bool HasWinner(Battle battle) => battle.Target is { } label && label != Preference.Certain(Outcome.Tie);

    private static bool AreIdentical(Battle battle) =>
        battle.Turns.Count > 0
        && battle.Turns.All(turn => string.Equals(turn.ResponseA?.Trim(), turn.ResponseB?.Trim(), StringComparison.Ordinal));

    private static bool IsEmpty(Battle battle, Func<Turn, string?> part) => battle.Turns.All(turn => string.IsNullOrWhiteSpace(part(turn)));

    private static bool IsBroken(string? text)
    {
        for (var i = 0; i < text?.Length; i++)
        {
            if (text[i] == '\uFFFD' || (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i]))))
                return true;
        }

        return false;
    }

    private static string? A(Turn turn) => turn.ResponseA;

    private static string? B(Turn turn) => turn.ResponseB;
}
