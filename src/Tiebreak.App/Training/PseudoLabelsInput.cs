using Tiebreak.App.Submissions;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Files;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;

namespace Tiebreak.App.Training;

/// <summary>Battles that nobody has voted on, with the preferences of a judge as soft labels.</summary>
/// <param name="Battles">The battles. They are of a source of their own, so that no judge is measured by them.</param>
/// <param name="Files">What the files were: battles and preferences.</param>
internal sealed record PseudoLabelsInput(IReadOnlyList<Battle> Battles, IReadOnlyList<DataFingerprint> Files)
{
    /// <summary>The source of battles with such labels.</summary>
    public const string Source = "pseudo-labels";

    /// <summary>
    /// Reads battles and their labels. Battles without a preference are left out, and those that have a vote; how many is said.
    /// </summary>
    /// <param name="context">Whom to tell.</param>
    /// <param name="paths">Files of battles.</param>
    /// <param name="preferences">A file of preferences.</param>
    /// <param name="known">The ids of battles that are learned from anyway.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InputException">A file cannot be used, or no battle is left.</exception>
    public static async Task<PseudoLabelsInput> ReadAsync(
        JobContext context,
        IReadOnlyList<string> paths,
        string preferences,
        IReadOnlySet<string> known,
        CancellationToken cancellationToken)
    {
        var rows = PreferencesById.Read(context, preferences, SubmissionScale.None);
        var set = await BattleFiles.LoadAsync(context, paths, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        Battle[] free = [.. set.Battles.Where(battle => battle.Target is null && !known.Contains(battle.Id))];
        Battle[] labelled =
        [
            .. free.Where(battle => rows.ContainsKey(battle.Id)).DistinctBy(battle => battle.Id, StringComparer.Ordinal)
                .Select(battle => battle with { SoftLabel = rows[battle.Id], Source = Source }),
        ];
        if (labelled.Length == 0)
        {
            throw new InputException(
                $"{preferences} has a preference for none of the {Quantity.Of(set.Battles.Count, "battle")} without vote. "
                + "Give `pseudo-labels` a file with the ids of `unlabelled`.")
            {
                Parameters = ["pseudo-labels", "unlabelled"],
            };
        }

        if (set.Battles.Count - free.Length is > 0 and var voted)
            context.Warn($"{Quantity.Of(voted, "battle")} without pseudo-label: they have a vote, or the id of a battle that has one.");
        if (free.Length - labelled.Length is > 0 and var without)
            context.Warn($"{Quantity.Of(without, "battle")} without vote and without preference in {preferences} were left out.");
        DataFingerprint labels = new(Path.GetFileName(preferences), rows.Count, FileSha256.Of(preferences));
        return new PseudoLabelsInput(labelled, [.. set.Files, labels]);
    }
}
