using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Data;

namespace Tiebreak.App.Evaluating;

/// <summary>Which of some battles a judge was trained on: what it says about those proves nothing.</summary>
/// <param name="Slicing">The battles cut by it; null where the judge has seen none, or does not say.</param>
/// <param name="Remarks">What a reader must know.</param>
internal sealed record SeenShare(Slicing? Slicing, IReadOnlyList<string> Remarks)
{
    public const string SlicingName = "seen";

    public static SeenShare Of(JobContext context, Bundle bundle, BattleSet set) => Of(context, bundle, set.Battles, set.Files);

    /// <param name="context">Whom to warn.</param>
    /// <param name="bundle">The judge.</param>
    /// <param name="battles">The battles.</param>
    /// <param name="files">The files that they were read from; none where they came in another way.</param>
    public static SeenShare Of(
        JobContext context, Bundle bundle, IReadOnlyList<Battle> battles, IReadOnlyList<DataFingerprint> files)
    {
        var known = files.Where(file => IsTrainedOn(bundle, file)).ToList();
        foreach (var file in known)
        {
            context.Warn($"the judge was trained on {file.File} itself: this score says nothing about new battles. " +
                "The out-of-fold score of `tiebreak train` does.");
        }

        if (bundle.ReadSeen() is not { } seen)
        {
            return new SeenShare(
                null, ["The bundle does not say which battles its judge was trained on, so nobody checked whether it has seen these."]);
        }

        int[] kinds = [.. battles.Select(battle => seen.HasBattle(battle) ? 0 : seen.HasPrompt(battle) ? 1 : 2)];
        var (same, prompts) = (kinds.Count(kind => kind == 0), kinds.Count(kind => kind == 1));
        if (same + prompts == 0)
            return new SeenShare(null, ["The judge was trained on none of these battles, nor on others about their prompts."]);

        var more = prompts > 0 ? Invariant($", and on others about the prompts of {prompts:N0} more") : "";
        var rest = same + prompts < kinds.Length
            ? "only the loss on the rest speaks of new battles."
            : "nothing here speaks of new battles.";
        var remark = Invariant($"The judge was trained on {same:N0} of these {kinds.Length:N0} battles{more}: {rest}");
        if (known.Count < files.Count) // that it was trained on all files has been said
            context.Warn(remark);
        return new SeenShare(new Slicing(SlicingName, "What the judge has seen", SlicesOf(kinds)), [remark]);
    }

    /// <summary>The battles that a judge was not trained on; all, with a warning, where its bundle does not say.</summary>
    /// <param name="context">Whom to warn.</param>
    /// <param name="bundle">The judge.</param>
    /// <param name="battles">The battles.</param>
    /// <param name="byPrompt">True to leave out others about the prompts of its training too.</param>
    public static IReadOnlyList<Battle> Unseen(JobContext context, Bundle bundle, IReadOnlyList<Battle> battles, bool byPrompt)
    {
        if (bundle.ReadSeen() is { } seen)
            return [.. battles.Where(battle => !seen.HasBattle(battle) && !(byPrompt && seen.HasPrompt(battle)))];

        context.Warn("the bundle does not say which battles its judge was trained on, so nobody checked whether it has seen these.");
        return battles;
    }

    /// <summary>True if a judge was trained on this very file.</summary>
    public static bool IsTrainedOn(Bundle bundle, DataFingerprint file) =>
        bundle.Manifest.Data.Any(trained => string.Equals(trained.Sha256, file.Sha256, StringComparison.Ordinal));

    private static Slice[] SlicesOf(int[] kinds)
    {
        string[] names = ["trained on the battle", "trained on its prompt", "new to the judge"];
        return [.. kinds.Index().GroupBy(row => row.Item, row => row.Index).OrderBy(group => group.Key)
            .Select(group => new Slice(names[group.Key], [.. group]))];
    }
}
