using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Submissions;

namespace Tiebreak.App.Evaluating;

/// <summary>The battles that a file of preferences has a prediction for.</summary>
/// <param name="Battles">These battles, in their order.</param>
/// <param name="Preferences">The prediction of each.</param>
/// <param name="WithoutPrediction">Battles that the file says nothing about.</param>
/// <param name="WithoutBattle">Ids of the file that no battle has.</param>
/// <param name="Remarks">What a reader must know about it, the size first.</param>
internal sealed record PredictionOverlap(
    IReadOnlyList<Battle> Battles,
    IReadOnlyList<Preference> Preferences,
    int WithoutPrediction,
    IReadOnlyList<string> WithoutBattle,
    IReadOnlyList<string> Remarks)
{
    /// <exception cref="InputException">No battle has a prediction.</exception>
    public static PredictionOverlap Of(string path, PredictionFile file, IReadOnlyList<Battle> battles)
    {
        var byId = file.Rows.ToDictionary(row => row.Id, row => row, IdComparer.Instance);
        var found = battles.Where(battle => byId.ContainsKey(battle.Id)).ToList();
        if (found.Count == 0)
        {
            var (ids, others) = (Examples.Of([.. file.Rows.Select(row => row.Id)]), Examples.Of([.. battles.Select(battle => battle.Id)]));
            throw new InputException($"{path} has no prediction for any of the {Quantity.Of(battles.Count, "battle")}: its ids are {ids}; "
                + $"the battles' are {others}. Give the file that was predicted.");
        }

        var known = found.Select(battle => battle.Id).ToHashSet(IdComparer.Instance);
        List<string> without = [.. file.Rows.Select(row => row.Id).Where(id => !known.Contains(id))];
        var rewritten = found.Count(battle => !string.Equals(byId[battle.Id].Id, battle.Id, StringComparison.Ordinal));
        return new PredictionOverlap(
            found, found.ConvertAll(battle => byId[battle.Id].Preference), battles.Count - found.Count, without,
            [.. RemarksOf(found.Count, battles.Count, without, rewritten)]);
    }

    private static IEnumerable<string> RemarksOf(int scored, int battles, List<string> without, int rewritten)
    {
        if (scored < battles || without.Count > 0)
        {
            var more = without.Count == 0 ? ""
                : $"; {Quantity.Of(without.Count, "prediction is", "predictions are")} of no battle here ({Examples.Of(without)})";
            yield return $"Scored: {scored:N0} of {Quantity.Of(battles, "battle")}, those that have a prediction{more}.";
        }

        if (rewritten > 0)
            yield return $"{Quantity.Of(rewritten, "id was", "ids were")} matched without decimals: 136060.0 is 136060.";
    }
}
