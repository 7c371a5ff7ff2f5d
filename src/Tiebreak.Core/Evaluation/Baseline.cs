using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Splitting;

namespace Tiebreak.Core.Evaluation;

/// <summary>
/// What a judge must beat to be worth anything, and by how much it does. Baselines that have to be learned are fitted on the evaluated
/// battles themselves, across prompt-grouped folds, so that they never see the row they score.
/// </summary>
/// <param name="Name">Which baseline.</param>
/// <param name="LogLoss">Its mean log loss on the same rows.</param>
/// <param name="Accuracy">Its share of right verdicts.</param>
/// <param name="Difference">The judge's log loss minus the baseline's: below 0 the judge is better.</param>
/// <param name="DifferenceInterval">95 % interval of the difference: paired, by bootstrap over prompts.</param>
public sealed record Baseline(
    string Name, double LogLoss, double Accuracy, double Difference,
    [property: JsonPropertyName("difference_ci")] Interval DifferenceInterval)
{
    private const int Folds = 5;
    private const int LengthBins = 8;

    /// <summary>Compares preferences with uniform chances, class shares, and the difference in length alone.</summary>
    /// <param name="predicted">One preference per battle, in their order.</param>
    /// <param name="labelled">The battles and their labels.</param>
    /// <param name="seed">Seed of folds and bootstrap.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static IReadOnlyList<Baseline> Compare(
        IReadOnlyList<Preference> predicted, LabelledBattles labelled, ulong seed = 0, int threads = -1)
    {
        var folds = GroupedFolds.AssignAsFar(labelled, Folds, seed);
        (string Name, Preference[] Preferences)[] baselines =
        [
            ("uniform", [.. predicted.Select(_ => Preference.Uniform)]),
            ("class shares", CrossFit(labelled, folds, _ => 0)),
            ("length difference", CrossFit(labelled, folds, LengthBin(labelled))),
        ];
        var ofJudge = Metrics.LogLoss.PerRow(predicted, labelled.Targets);
        double[][] losses = [.. baselines.Select(baseline => Metrics.LogLoss.PerRow(baseline.Preferences, labelled.Targets))];
        double[][] differences = [.. losses.Select(ofBaseline => ofJudge.Zip(ofBaseline, (judge, other) => judge - other).ToArray())];
        var intervals = ClusterBootstrap.OfMeans(differences, labelled.Groups, seed, threads: threads);
        return
        [
            .. baselines.Select((baseline, k) => new Baseline(
                baseline.Name,
                losses[k].Average(),
                baseline.Preferences.Zip(labelled.Targets).Average(row => row.First.Top == row.Second.Top ? 1.0 : 0.0),
                differences[k].Average(),
                intervals[k])),
        ];
    }

    /// <summary>The class shares of all other folds for each battle: what a judge knows that has read nothing.</summary>
    /// <exception cref="InputException">All battles are about one prompt.</exception>
    public static IReadOnlyList<Preference> ClassShares(LabelledBattles labelled, ulong seed = 0) =>
        CrossFit(labelled, GroupedFolds.AssignAsFar(labelled, Folds, seed), _ => 0);

    /// <summary>Gives each row the class shares of its bin in the other folds.</summary>
    private static Preference[] CrossFit(LabelledBattles labelled, int[] folds, Func<int, int> bin)
    {
        var rows = Enumerable.Range(0, labelled.Count).ToLookup(bin);
        var result = new Preference[labelled.Count];
        foreach (var members in rows)
        {
            for (var fold = 0; fold < Folds; fold++)
            {
                var shares = PriorJudge.SharesOf(members.Where(i => folds[i] != fold).Select(i => labelled.Targets[i]));
                foreach (var i in members.Where(i => folds[i] == fold))
                    result[i] = shares;
            }
        }

        return result;
    }

    /// <summary>Bins of equal row count over ln((length of A + 1) / (length of B + 1)), in characters.</summary>
    private static Func<int, int> LengthBin(LabelledBattles labelled)
    {
        var ratios = labelled.Battles.Select(battle => Math.Log(
            (1.0 + battle.Turns.Sum(turn => (long)(turn.ResponseA?.Length ?? 0))) /
            (1.0 + battle.Turns.Sum(turn => (long)(turn.ResponseB?.Length ?? 0))))).ToArray();
        var sorted = ratios.Order().ToArray();
        var edges = Enumerable.Range(1, LengthBins - 1).Select(k => Quantile.Of(sorted, (double)k / LengthBins)).ToArray();
        return i => edges.Count(edge => ratios[i] >= edge);
    }
}
