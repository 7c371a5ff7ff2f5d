using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Splitting;
using Tiebreak.Core.Training;
using Tiebreak.Data;
using Tiebreak.Features.FeatureJudges;

namespace Tiebreak.Benchmarks;

/// <summary>
/// The quality table of <c>docs/feature-judge.md</c>: the feature judge against scikit-learn's plain baseline
/// (<c>bench/reference/judge_baseline.py</c>) on the same battles and the same prompt-grouped folds, repeated with several seeds; the
/// losses of a battle are averaged over the repeats, and the interval of their difference comes from a bootstrap over prompts.
/// </summary>
internal static class CompareJudge
{
    private const int Folds = 5;
    private const int Repeats = 5;
    private static readonly int Threads = Environment.ProcessorCount;

    /// <summary>Compares on a file of labelled battles; each change is a <c>section.key=value</c> of the recipe.</summary>
    public static async Task<int> RunAsync(string python, string file, string[] changes)
    {
        var labelled = new LabelledBattles(BattleSet.Load([file]).Battles);
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        var (judge, baseline) = (new double[labelled.Count], new double[labelled.Count]);
        var (ties, tiesBaseline, tiesPriors) = (0.0, 0.0, 0.0);
        Console.WriteLine("| seed | feature judge | baseline | on ties | baseline on ties | temperature | gain of refitting it |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        try
        {
            for (ulong seed = 0; seed < Repeats; seed++)
            {
                var outcome = await new JudgeTraining
                {
                    Trainer = new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", Options(changes))),
                    Kind = "feature",
                    Out = Path.Combine(folder, "judge"),
                    Data = [],
                    Validation = new CrossValidation(Folds),
                    // as the recipe says
                    Calibrator = new Core.Calibration.Calibrator(Core.Calibration.CalibrationMethod.Temperature, WithPostRules: true),
                    Seed = seed,
                    Placement = new() { Threads = Threads },
                }.RunAsync(labelled);
                var reference = Baseline(python, folder, labelled, GroupedFolds.Assign(labelled, Folds, seed));
                var (mine, theirs) = (LogLoss.PerRow(outcome.OutOfFold, labelled.Targets), LogLoss.PerRow(reference, labelled.Targets));
                var refitted = Core.Calibration.Temperature.Fit(outcome.OutOfFold, labelled.Targets);
                var gain = mine.Average() - LogLoss.PerRow([.. outcome.OutOfFold.Select(refitted.Apply)], labelled.Targets).Average();
                var (tie, tieBaseline) = (outcome.Result.LogLossByOutcome[Outcome.Tie], OnTies(theirs, labelled));
                Print($"| {seed} | {mine.Average():F4} | {theirs.Average():F4} | {tie:F4} | {tieBaseline:F4} | {outcome.Manifest.Temperature:F3} | {gain:F4} |");
                for (var i = 0; i < judge.Length; i++)
                    (judge[i], baseline[i]) = (judge[i] + (mine[i] / Repeats), baseline[i] + (theirs[i] / Repeats));
                (ties, tiesBaseline) = (ties + (tie / Repeats), tiesBaseline + (tieBaseline / Repeats));
                tiesPriors = -Math.Log(outcome.Result.Shares.Tie);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        var differences = judge.Zip(baseline, (mine, theirs) => mine - theirs).ToArray();
        Print($"| mean | {judge.Average():F4} {Range(judge, labelled)} | {baseline.Average():F4} {Range(baseline, labelled)} | {ties:F4} (class shares {tiesPriors:F4}) | {tiesBaseline:F4} | | |");
        Print($"\nDifference {differences.Average():F4}, paired 95 % interval over {labelled.Groups.Max() + 1} prompts {Range(differences, labelled)}; {labelled.Count} battles, {Folds} folds.");
        return 0;
    }

    private static JsonObject Options(string[] changes)
    {
        var options = new JsonObject();
        foreach (var change in changes)
        {
            var (path, value) = (change.Split('=')[0].Split('.'), change.Split('=')[1]);
            var section = (options[path[0]] ??= new JsonObject()).AsObject();
            section[path[1]] = JsonNode.Parse(value);
        }

        return options;
    }

    private static double OnTies(double[] losses, LabelledBattles labelled) =>
        losses.Select((loss, i) => loss * labelled.Targets[i].Tie).Sum() / labelled.Targets.Sum(target => target.Tie);

    private static string Range(double[] losses, LabelledBattles labelled)
    {
        var interval = ClusterBootstrap.OfMean(losses, labelled.Groups);
        return string.Create(CultureInfo.InvariantCulture, $"[{interval.Lower:F4}, {interval.Upper:F4}]");
    }

    private static Preference[] Baseline(string python, string folder, LabelledBattles labelled, int[] folds)
    {
        var path = Path.Combine(folder, "folds.jsonl");
        File.WriteAllLines(path, labelled.Battles.Select((battle, i) => new JsonObject
        {
            ["prompt"] = Texts(battle, turn => turn.Prompt),
            ["response_a"] = Texts(battle, turn => turn.ResponseA),
            ["response_b"] = Texts(battle, turn => turn.ResponseB),
            ["target"] = new JsonArray(labelled.Targets[i].A, labelled.Targets[i].B, labelled.Targets[i].Tie),
            ["fold"] = folds[i],
        }.ToJsonString()), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

        var script = Path.Combine(CompareRead.Repository(), "bench", "reference", "judge_baseline.py");
        using var process = Process.Start(
            new ProcessStartInfo(python, [script, path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{script} ended with exit code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}.");
        }

        return [.. JsonNode.Parse(output)!["predictions"]!.AsArray()
            .Select(row => Preference.Normalised((double)row![0]!, (double)row[1]!, (double)row[2]!))];
    }

    private static JsonArray Texts(Battle battle, Func<Turn, string?> text) => new([.. battle.Turns.Select(turn => (JsonNode?)text(turn))]);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
