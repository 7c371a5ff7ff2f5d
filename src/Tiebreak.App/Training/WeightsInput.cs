using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Training;
using Tiebreak.Data.Reading;

namespace Tiebreak.App.Training;

/// <summary>Gives labelled battles the weights of a file by id.</summary>
/// <param name="Battles">The battles that count, with their weights.</param>
/// <param name="Origin">Where the weights come from; null where there is no file.</param>
internal sealed record WeightsInput(LabelledBattles Battles, WeightsOrigin? Origin)
{
    /// <summary>Reads the file. Battles with the weight 0 are left out, those without a row count 1; how many is said.</summary>
    /// <param name="context">Whom to tell.</param>
    /// <param name="battles">The battles.</param>
    /// <param name="path">The file; null for none.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InputException">The file cannot be used, knows none of the battles, or leaves none of them.</exception>
    public static WeightsInput Of(JobContext context, IReadOnlyList<Battle> battles, string? path, CancellationToken cancellationToken)
    {
        if (path is null)
            return new WeightsInput(new LabelledBattles(battles), Origin: null);

        var file = WeightsFile.Read(path, cancellationToken);
        double?[] found = [.. battles.Select(battle => file.Find(battle.Id))];
        var without = found.Count(weight => weight is null);
        if (without == battles.Count)
            throw Wrong($"{path} has no weight for any of the battles. Write it from the same battle files: columns id and weight.");

        if (without > 0)
            context.Warn($"{path} has no weight for {without:N0} of {Quantity.Of(battles.Count, "battle")}, which count 1.");
        if (file.Ids.Count - (battles.Count - without) is > 0 and var others)
            context.Warn($"{Quantity.Of(others, "row")} of {path} {(others == 1 ? "belongs" : "belong")} to none of the battles.");
        int[] kept = [.. Enumerable.Range(0, found.Length).Where(i => found[i] is not 0.0)];
        var leftOut = battles.Count - kept.Length;
        if (kept.Length == 0)
            throw Wrong($"{path} gives every battle the weight 0, so that nothing is left to learn from.");
        if (leftOut > 0)
            context.Warn($"{Quantity.Of(leftOut, "battle")} with the weight 0 {(leftOut == 1 ? "was" : "were")} left out.");
        return new WeightsInput(
            new LabelledBattles([.. kept.Select(i => battles[i])]) { Weights = [.. kept.Select(i => found[i] ?? 1)] },
            new WeightsOrigin(file.Fingerprint, without, leftOut));
    }

    private static InputException Wrong(string message) => new(message) { Parameters = ["weights"] };
}
