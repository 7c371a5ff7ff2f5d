using Tiebreak.App.Submissions;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Files;
using Tiebreak.Data.Submissions;

namespace Tiebreak.App.Training;

/// <summary>Gives labelled battles what other judges said about them, by id.</summary>
/// <param name="Battles">The battles with the preferences of each teacher.</param>
/// <param name="Files">What the teachers' files were.</param>
internal sealed record TeachersInput(LabelledBattles Battles, IReadOnlyList<DataFingerprint> Files)
{
    /// <summary>Reads the files; battles without a row in one of them have nothing from that teacher, which is said.</summary>
    /// <param name="context">Whom to tell.</param>
    /// <param name="battles">The battles.</param>
    /// <param name="paths">A file of preferences for each teacher.</param>
    /// <exception cref="InputException">A file cannot be used, or knows none of the battles.</exception>
    public static TeachersInput Of(JobContext context, LabelledBattles battles, IReadOnlyList<string> paths)
    {
        var (teachers, files) = (new List<IReadOnlyList<Preference?>>(), new List<DataFingerprint>());
        foreach (var path in paths)
        {
            var rows = PreferencesById.Read(context, path, SubmissionScale.None);
            Preference?[] said =
            [
                .. battles.Battles.Select(battle => rows.TryGetValue(battle.Id, out var found) ? found : (Preference?)null),
            ];
            var without = said.Count(preference => preference is null);
            if (without == battles.Count)
            {
                throw new InputException($"{path} has no preference for any of the battles. Give `teachers` files with their ids.")
                {
                    Parameters = ["teachers"],
                };
            }

            if (without > 0)
            {
                context.Warn($"{path} has no preference for {without:N0} of {Quantity.Of(battles.Count, "battle")}, "
                    + "which learn nothing from this teacher.");
            }

            teachers.Add(said);
            files.Add(new DataFingerprint(Path.GetFileName(path), rows.Count, FileSha256.Of(path)));
        }

        return new TeachersInput(battles.WithTeachers(teachers), files);
    }
}
