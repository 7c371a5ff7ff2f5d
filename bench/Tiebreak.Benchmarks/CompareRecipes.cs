using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Splitting;
using Tiebreak.Core.Training;
using Tiebreak.Data;
using Tiebreak.Features.FeatureJudges;

namespace Tiebreak.Benchmarks;

/// <summary>
/// The table "What was tried" of <c>docs/feature-judge.md</c>: variants of the recipe "feature" on the same battles and prompt-grouped
/// folds with several seeds. The losses of a battle are averaged over the seeds; differences to the unchanged recipe come with a paired
/// bootstrap over prompts.
/// </summary>
internal static class CompareRecipes
{
    private const int Folds = 5;
    private static readonly int Threads = Environment.ProcessorCount;

    /// <summary>Compares variants.</summary>
    /// <param name="file">Labelled battles.</param>
    /// <param name="seeds">How many seeds, from 0 on.</param>
    /// <param name="variants">Each a list of changes <c>section.key=value</c>, separated by spaces.</param>
    public static async Task<int> RunAsync(string file, int seeds, string[] variants)
    {
        var labelled = new LabelledBattles(BattleSet.Load([file]).Battles);
        Console.WriteLine("| change | log loss | on ties | seed by seed | difference | 95 % interval, paired | seconds |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        double[]? unchanged = null;
        var all = new List<double[]>();
        foreach (var variant in variants.Prepend(""))
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var (losses, bySeed) = await LossesAsync(labelled, seeds, variant);
            unchanged ??= losses;
            all.Add(losses);
            double[] differences = [.. losses.Zip(unchanged, (one, other) => one - other)];
            var interval = ClusterBootstrap.OfMean(differences, labelled.Groups);
            var ties = losses.Select((loss, i) => loss * labelled.Targets[i].Tie).Sum() / labelled.Targets.Sum(target => target.Tie);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {(variant.Length == 0 ? "none" : $"`{variant}`")} | {losses.Average():F4} | {ties:F4} | "
                    + $"{string.Join(" ", bySeed.Select(loss => loss.ToString("F4", CultureInfo.InvariantCulture)))} | "
                    + $"{differences.Average():+0.0000;-0.0000} | [{interval.Lower:+0.0000;-0.0000}, {interval.Upper:+0.0000;-0.0000}] | "
                    + $"{watch.Elapsed.TotalSeconds:F0} |"));
        }

        var nested = Nested(all, labelled);
        var difference = ClusterBootstrap.OfMean([.. nested.Zip(unchanged!, (one, other) => one - other)], labelled.Groups);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nThe best of these recipes on four fifths of the prompts, scored on the last fifth: {nested.Average():F4}; "
                + $"minus the unchanged one [{difference.Lower:+0.0000;-0.0000}, {difference.Upper:+0.0000;-0.0000}]."));
        return 0;
    }

    /// <summary>
    /// The loss of each battle by the recipe that is best on the prompts of the other parts: what choosing among recipes is worth on new
    /// prompts.
    /// </summary>
    private static double[] Nested(IReadOnlyList<double[]> recipes, LabelledBattles labelled)
    {
        var parts = GroupedFolds.Assign(labelled, Folds, seed: 1_000);
        int[] best = [.. Enumerable.Range(0, Folds)
            .Select(part => Enumerable.Range(0, recipes.Count).MinBy(recipe => recipes[recipe].Where((_, i) => parts[i] != part).Sum()))];
        return [.. Enumerable.Range(0, labelled.Count).Select(i => recipes[best[parts[i]]][i])];
    }

    private static async Task<(double[] Losses, double[] BySeed)> LossesAsync(LabelledBattles labelled, int seeds, string variant)
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            var (losses, bySeed) = (new double[labelled.Count], new double[seeds]);
            for (var seed = 0; seed < seeds; seed++)
            {
                var options = new JsonObject();
                foreach (var change in variant.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Where(change => change.Contains('.', StringComparison.Ordinal)))
                {
                    var (path, value) = (change.Split('=')[0].Split('.'), change.Split('=')[1]);
                    (options[path[0]] ??= new JsonObject()).AsObject()[path[1]] = JsonNode.Parse(value);
                }

                var outcome = await new JudgeTraining
                {
                    Trainer = new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", options)),
                    Kind = "feature",
                    Out = Path.Combine(folder, "judge"),
                    Data = [],
                    Validation = new CrossValidation(Folds),
                    // as the recipe says
                    Calibrator = new Calibrator(
                        CalibrationMethod.Temperature, !variant.Contains("post_rules=false", StringComparison.Ordinal)),
                    Seed = (ulong)seed,
                    Placement = new() { Threads = Threads },
                }.RunAsync(labelled);
                var ofSeed = LogLoss.PerRow(outcome.OutOfFold, labelled.Targets);
                bySeed[seed] = ofSeed.Average();
                for (var i = 0; i < losses.Length; i++)
                    losses[i] += ofSeed[i] / seeds;
            }

            return (losses, bySeed);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
