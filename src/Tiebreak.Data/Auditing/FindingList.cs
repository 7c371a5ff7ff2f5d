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
        (
            BattleFlags.IdenticalWithWinner,
            "identical responses with a winner",
            "Both sides said the same, and yet somebody won: label noise."),
        (
            BattleFlags.RepeatsPrompt,
            "response repeated inside the prompt",
            "A response of 40 characters or more stands word for word in its prompt."),
        (BattleFlags.OneRefuses, "one side refuses", "In some turn one side declines the task and the other does not."),
        (BattleFlags.BothRefuse, "both sides refuse", "In some turn both sides decline the task."),
        (BattleFlags.SpeaksAsMachine, "speaks as a machine", "A response says that a language model wrote it."),
        (
            BattleFlags.RevealsIdentity,
            "reveals its identity",
            "A response says which model it is or who made it: the vote may not have been blind."),
        (
            BattleFlags.BrokenUnicode,
            "broken characters",
            "A text holds the replacement character, for instance in place of a lone surrogate."),
    ];

    public static IReadOnlyList<Finding> Create(
        IReadOnlyList<AuditedFile> files, IReadOnlyList<Battle> battles, BattleFacts[] facts, int threads,
        CancellationToken cancellationToken)
    {
        var findings = Single.Select(kind => Make(kind.Name, kind.Meaning, battles, i => facts[i].Flags.HasFlag(kind.Flag))).ToList();
        var fileOf = FilesOf(files);
        var prompts = PromptGroup.Number(battles);
        var byPrompt = Enumerable.Range(0, battles.Count).ToLookup(i => prompts[i]);
        findings.Add(Make("repeated prompt", "The opening prompt occurs in other battles as well; keep them in one fold.", battles,
            i => byPrompt[prompts[i]].Skip(1).Any()));
        findings.Add(Make("prompt also in another file", "The opening prompt occurs in another of the files too.", battles,
            i => Spans(byPrompt[prompts[i]].Select(j => battles[j]), fileOf)));

        var near = Groups(battles, DuplicateMatch.Near, DuplicateScope.Prompt, threads, cancellationToken);
        var alike = Set(near.SelectMany(Members));
        findings.Add(Make(
            "near-duplicate prompt",
            "The prompts resemble those of another battle: Jaccard similarity of five-character runs of 0.8 or more.",
            battles,
            i => alike.Contains(battles[i])));
        var across = Set(near.Select(Members).Where(group => Spans(group, fileOf)).SelectMany(group => group));
        findings.Add(Make("near-duplicate prompt in another file", "A battle of another file has prompts that resemble these.", battles,
            i => across.Contains(battles[i])));

        var same = Groups(battles, DuplicateMatch.Exact, DuplicateScope.Battle, threads, cancellationToken);
        var repeated = Set(same.SelectMany(group => group.Duplicates).Select(duplicate => duplicate.Battle));
        findings.Add(Make("repeated battle", "Prompts and responses occurred before, in this or in the other order of A and B.", battles,
            i => repeated.Contains(battles[i])));
        var copied = Set(same.Select(Members).Where(group => Spans(group, fileOf)).SelectMany(group => group));
        findings.Add(Make("battle also in another file", "The same prompts and responses stand in another of the files too.", battles,
            i => copied.Contains(battles[i])));

        var disputed = Set(same.Where(group => group.Disagreements > 0).SelectMany(Members));
        findings.Add(Make(
            "repeated battle with another verdict",
            "The same texts were voted on more than once, and people disagreed.",
            battles,
            i => disputed.Contains(battles[i])));
        findings.Add(Leaks(files));
        findings.Add(NearLeaks(files, near));
        return findings;
    }

    private static Finding NearLeaks(IReadOnlyList<AuditedFile> files, IReadOnlyList<DuplicateGroup> near)
    {
        Battle[] test = [.. files.Where(file => file.IsTest).SelectMany(file => file.Battles)];
        var isTest = Set(test);
        var leaked = Set(near.Select(Members).Where(group => group.Any(isTest.Contains) && !group.All(isTest.Contains))
            .SelectMany(group => group));
        return Make(
            "test prompt nearly in training data",
            "A prompt that resembles one of the test data stands in the other files: most likely a leak.",
            test,
            i => leaked.Contains(test[i]));
    }

    private static Dictionary<object, int> FilesOf(IReadOnlyList<AuditedFile> files)
    {
        var fileOf = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        foreach (var (file, number) in files.Select((file, number) => (file, number)))
        {
            foreach (var battle in file.Battles)
                fileOf[battle] = number;
        }

        return fileOf;
    }

    private static bool Spans(IEnumerable<Battle> battles, Dictionary<object, int> fileOf) =>
        battles.Select(battle => fileOf[battle]).Distinct().Skip(1).Any();

    private static Finding Leaks(IReadOnlyList<AuditedFile> files)
    {
        var known = files.Where(file => !file.IsTest).SelectMany(file => file.Battles)
            .Select(PromptGroup.KeyOf).ToHashSet(StringComparer.Ordinal);
        Battle[] test = [.. files.Where(file => file.IsTest).SelectMany(file => file.Battles)];
        return Make("test prompt in training data", "A prompt of the test data occurs in the other files: a leak.", test,
            i => known.Contains(PromptGroup.KeyOf(test[i])));
    }

    private static Finding Make(string name, string meaning, IReadOnlyList<Battle> battles, Func<int, bool> has)
    {
        var ids = Enumerable.Range(0, battles.Count).Where(has).Select(i => battles[i].Id).ToList();
        return new Finding(name, meaning, ids.Count, [.. ids.Take(MostExamples)]);
    }

    private static IReadOnlyList<DuplicateGroup> Groups(
        IReadOnlyList<Battle> battles, DuplicateMatch match, DuplicateScope scope, int threads, CancellationToken cancellationToken) =>
        Deduplicator.Within(
            battles, new DeduplicationOptions { Match = match, Scope = scope, Threads = threads }, cancellationToken).Groups;

    private static IEnumerable<Battle> Members(DuplicateGroup group) =>
        group.Duplicates.Select(duplicate => duplicate.Battle).Prepend(group.Kept);

    // Two files may hold the same battle under the same id, so battles are told apart as objects.
    private static HashSet<object> Set(IEnumerable<Battle> battles) => new(battles, ReferenceEqualityComparer.Instance);
}
