using Tiebreak.Core.Battles;
using Tiebreak.Data.Deduplication;

namespace Tiebreak.Data.Auditing;

/// <summary>Names and counts what the audit looks for.</summary>
internal static class FindingList
{
    private const int MostExamples = 5;

    private static readonly (BattleFlags Flag, string Name, string Meaning)[] Single =
    [
        (BattleFlags.BlankPrompt, "blank prompt", "The prompts of all turns are null or only white space."),
        (BattleFlags.NullResponse, "null response", "A response of some turn is null."),
        (BattleFlags.EmptyResponse, "empty response", "A response of some turn is the empty text. It can still have won."),
        (BattleFlags.OneSideBlank, "one side blank", "One side said nothing in any turn."),
        (BattleFlags.BothBlank, "both sides blank", "Neither side said anything; the verdict is noise."),
        (BattleFlags.Identical, "identical responses", "Both sides said the same."),
        (BattleFlags.IdenticalWithWinner, "identical responses with a winner", "Both sides said the same, and yet somebody won: label noise."),
        (BattleFlags.RepeatsPrompt, "response repeated inside the prompt", "A response of 40 characters or more stands word for word in its prompt."),
        (BattleFlags.OneRefuses, "one side refuses", "One side declines the task, the other does not."),
        (BattleFlags.BothRefuse, "both sides refuse", "Both sides decline the task."),
        (BattleFlags.SpeaksAsMachine, "speaks as a machine", "A response says that a language model wrote it."),
        (BattleFlags.RevealsIdentity, "reveals its identity", "A response says which model it is or who made it: the vote may not have been blind."),
        (BattleFlags.BrokenUnicode, "broken characters", "A text holds the replacement character, for instance in place of a lone surrogate."),
    ];

    public static IReadOnlyList<Finding> Create(
        IReadOnlyList<AuditedFile> files, IReadOnlyList<Battle> battles, BattleFacts[] facts, int threads, CancellationToken cancellationToken)
    {
        var findings = Single.Select(kind => Make(kind.Name, kind.Meaning, battles, i => facts[i].Flags.HasFlag(kind.Flag))).ToList();
        var prompts = PromptGroup.Number(battles);
        var byPrompt = Enumerable.Range(0, battles.Count).ToLookup(i => prompts[i]);
        findings.Add(Make("repeated prompt", "The opening prompt occurs in other battles as well; keep them in one fold.", battles, i => byPrompt[prompts[i]].Skip(1).Any()));

        var near = Deduplicator.Within(battles, new DeduplicationOptions { Match = DuplicateMatch.Near, Scope = DuplicateScope.Prompt, Threads = threads }, cancellationToken)
            .Groups.SelectMany(group => group.Duplicates.Select(duplicate => duplicate.Battle).Append(group.Kept)).ToHashSet(ReferenceEqualityComparer.Instance);
        findings.Add(Make("near-duplicate prompt", "The prompts resemble those of another battle: Jaccard similarity of five-character runs of 0.8 or more.", battles, i => near.Contains(battles[i])));

        var seen = new HashSet<string>(StringComparer.Ordinal);
        findings.Add(Make("repeated battle", "Prompts and responses occurred before, in this or in the other order of A and B.", battles, i => !seen.Add(Key(battles[i]))));

        var conflicting = byPrompt.SelectMany(group => group.GroupBy(i => Key(battles[i]), StringComparer.Ordinal))
            .Where(same => same.Select(i => Canonical(battles[i])).OfType<Outcome>().Distinct().Skip(1).Any()).SelectMany(same => same).ToHashSet();
        findings.Add(Make("repeated battle with another verdict", "The same texts were voted on more than once, and people disagreed.", battles, conflicting.Contains));
        findings.Add(Leaks(files));
        return findings;
    }

    private static Finding Leaks(IReadOnlyList<AuditedFile> files)
    {
        var known = files.Where(file => !file.IsTest).SelectMany(file => file.Battles).Select(PromptGroup.KeyOf).ToHashSet(StringComparer.Ordinal);
        Battle[] test = [.. files.Where(file => file.IsTest).SelectMany(file => file.Battles)];
        return Make("test prompt in training data", "A prompt of the test data occurs in the other files: a leak.", test, i => known.Contains(PromptGroup.KeyOf(test[i])));
    }

    private static Finding Make(string name, string meaning, IReadOnlyList<Battle> battles, Func<int, bool> has)
    {
        var ids = Enumerable.Range(0, battles.Count).Where(has).Select(i => battles[i].Id).ToList();
        return new Finding(name, meaning, ids.Count, [.. ids.Take(MostExamples)]);
    }

    // The texts without regard to which side said what.
    private static string Key(Battle battle)
    {
        var (a, b) = (Join(battle, turn => turn.ResponseA), Join(battle, turn => turn.ResponseB));
        var (first, second) = string.CompareOrdinal(a, b) <= 0 ? (a, b) : (b, a);
        return $"{Join(battle, turn => turn.Prompt)}\0{first}\0{second}";
    }

    // The outcome as seen from the side that Key puts first.
    private static Outcome? Canonical(Battle battle)
    {
        var isSwapped = string.CompareOrdinal(Join(battle, turn => turn.ResponseA), Join(battle, turn => turn.ResponseB)) > 0;
        return (isSwapped ? battle.Verdict?.Swapped() : battle.Verdict)?.ToOutcome();
    }

    private static string Join(Battle battle, Func<Turn, string?> text) => string.Join('\u0001', battle.Turns.Select(turn => text(turn) ?? "\u0002"));
}
