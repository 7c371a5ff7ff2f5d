using System.Diagnostics;
using System.Text.Json.Nodes;
using Tiebreak.App.Recipes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Core.Training;
using Tiebreak.Data;
using Tiebreak.Torch;
using Tiebreak.Torch.Memory;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Import;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Planning;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tuning;
using TorchSharp;

namespace Tiebreak.Benchmarks;

/// <summary>Steps of one recipe, measured in this process.</summary>
internal static class TuningStep
{
    public const string Verb = "measure-tuning-one";
    public const string PaddingVerb = "measure-tuning-padding";

    public const string MixedVerb = "measure-tuning-mixed";

    public const string PlainVerb = "measure-tuning-plain";

    public const string PairVerb = "measure-tuning-pair";
    public const string Of = "of";

    private const int Pairs = 5;
    private const int Steps = 4; // the first one wakes up what the others use
    private const int MixedSteps = 40;
    private const int BatchSize = 16;
    private const double AlmostNothing = 1e-9; // held out, so that the plan is of one step

    /// <summary>The least time of a step of the longest texts that the recipe reads, and what was planned.</summary>
    public static int Measure(string file, string name, string[] changes)
    {
        var recipe = RecipeOf(name, changes);
        using var tuned = new Tuned(recipe);
        var rows = LongestOf(file, recipe, tuned);
        var seconds = tuned.Seconds(rows);
        for (var step = 1; step < Steps; step++)
            seconds = Math.Min(seconds, tuned.Seconds(rows));
        var peak = Process.GetCurrentProcess().PeakWorkingSet64;
        var cost = ModelCost.Of(recipe);
        var rate = ProductRate.Measure(cost.Layer, recipe.Type, LinearCompute.Float, "cpu", TimeSpan.FromSeconds(1));
        var plan = PlanOf(recipe, rows);
        Console.WriteLine(new JsonObject
        {
            ["tokens"] = rows.Sum(row => row.Tokens),
            ["seconds"] = seconds,
            ["memory"] = peak,
            ["tensors"] = RegionAllocator.Region?.MostUsedBytes,
            ["rate"] = rate,
            ["operations"] = cost.Layer.IsCausal ? rows.Sum(row => UsefulOperations(cost, row.Tokens)) : null,
            ["planned_seconds"] = plan.Seconds * rows.Sum(row => row.Tokens) / plan.Tokens,
            ["planned_memory"] = plan.Memory.TotalBytes,
        });
        return 0;
    }

    /// <summary>A pass over battles in their usual mixture of lengths, and what was planned for it.</summary>
    public static int MeasureMixed(string file, string name, string[] changes)
    {
        var recipe = RecipeOf(name, changes);
        using var tuned = new Tuned(recipe);
        TuningRow[] rows = [.. Shuffled(Battles(file)).Take(MixedSteps * recipe.Tuning!.Options.BatchSize).Select(tuned.RowOf)];
        var processor = Environment.CpuUsage.TotalTime;
        var seconds = rows.Chunk(recipe.Tuning.Options.BatchSize).Sum(tuned.Seconds);
        processor = Environment.CpuUsage.TotalTime - processor;
        var peak = Process.GetCurrentProcess().PeakWorkingSet64;
        var plan = PlanOf(recipe, rows);
        Console.WriteLine(new JsonObject
        {
            ["tokens"] = rows.Sum(row => row.Tokens),
            ["seconds"] = seconds,
            ["processor"] = processor.TotalSeconds,
            ["memory"] = peak,
            ["tensors"] = RegionAllocator.Region?.MostUsedBytes,
            ["planned_seconds"] = plan.Seconds * rows.Sum(row => row.Tokens) / plan.Tokens,
            ["planned_memory"] = plan.Memory.TotalBytes,
        });
        return 0;
    }

    /// <summary>
    /// Steps of two variants of a recipe in turn, so that other work on the machine slows both: the medians of their times and of their
    /// processor's times, which other work changes little.
    /// </summary>
    /// <param name="file">Labelled battles.</param>
    /// <param name="name">The recipe.</param>
    /// <param name="changes">Of both, then <see cref="Of"/> and those of the first, then <see cref="Of"/> and those of the second.</param>
    public static int MeasurePair(string file, string name, string[] changes)
    {
        var (first, second) = (Array.IndexOf(changes, Of), Array.LastIndexOf(changes, Of));
        var common = changes[..first];
        JudgeRecipe[] recipes =
        [
            RecipeOf(name, [.. common, .. changes[(first + 1)..second]]),
            RecipeOf(name, [.. common, .. changes[(second + 1)..]]),
        ];
        Tuned[] tuned = Array.ConvertAll(recipes, recipe => new Tuned(recipe));
        var rows = LongestOf(file, recipes[0], tuned[0]);
        _ = tuned.Sum(variant => variant.Seconds(rows));
        List<(double Seconds, double Processor)>[] times = [[], []];
        for (var pair = 0; pair < Pairs; pair++)
        {
            foreach (var (i, variant) in tuned.Index())
            {
                var before = Environment.CpuUsage.TotalTime;
                var seconds = variant.Seconds(rows);
                times[i].Add((seconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds));
            }
        }

        foreach (var variant in tuned)
            variant.Dispose();
        Console.WriteLine(new JsonObject
        {
            ["first"] = Median(times[0].Select(step => step.Seconds)),
            ["second"] = Median(times[1].Select(step => step.Seconds)),
            ["first_processor"] = Median(times[0].Select(step => step.Processor)),
            ["second_processor"] = Median(times[1].Select(step => step.Processor)),
        });
        return 0;
    }

    /// <summary>Steps of MiniLM and of a plain loop in float32 in turn, of 16 texts that fill 320 tokens.</summary>
    public static int MeasurePlain(string file, string[] changes)
    {
        var recipe = RecipeOf("minilm", changes);
        using var tuned = new Tuned(recipe);
        var rows = LongestOf(file, recipe, tuned);
        using var plain = new PlainEncoder();
        using var ids = torch.randint(0, 30_000, [rows.Length, recipe.Options.MaxTokens]);
        using var labels = torch.randint(0, 3, [rows.Length]);
        Func<double>[] variants =
        [
            () =>
            {
                var clock = Stopwatch.StartNew();
                plain.Learn(ids, labels);
                return clock.Elapsed.TotalSeconds;
            },
            () => tuned.Seconds(rows),
        ];
        _ = variants.Sum(step => step());
        List<(double Seconds, double Processor)>[] times = [[], []];
        for (var pair = 0; pair < Pairs; pair++)
        {
            foreach (var (i, step) in variants.Index())
            {
                var before = Environment.CpuUsage.TotalTime;
                var seconds = step();
                times[i].Add((seconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds));
            }
        }

        Console.WriteLine(new JsonObject
        {
            ["plain"] = Median(times[0].Select(step => step.Seconds)),
            ["engine"] = Median(times[1].Select(step => step.Seconds)),
            ["plain_least"] = times[0].Min(step => step.Seconds),
            ["engine_least"] = times[1].Min(step => step.Seconds),
            ["plain_processor"] = Median(times[0].Select(step => step.Processor)),
            ["engine_processor"] = Median(times[1].Select(step => step.Processor)),
        });
        return 0;
    }

    /// <summary>Four steps of battles in their usual mixture, as they are and with every text as long as the longest of its step.</summary>
    public static int MeasurePadding(string file, string name, string[] changes)
    {
        using var tuned = new Tuned(RecipeOf(name, changes));
        TuningRow[][] steps = [.. Shuffled(Battles(file)).Select(tuned.RowOf).Chunk(BatchSize).Take(Steps)];
        _ = steps.Sum(tuned.Seconds);
        var (packed, padded) = (steps.Sum(tuned.Seconds), steps.Select(Padded).Sum(tuned.Seconds));
        Console.WriteLine(new JsonObject { ["packed"] = packed, ["padded"] = padded });
        return 0;
    }

    /// <summary>Tokens of all battles, as they are and with padding.</summary>
    public static (long Packed, long Padded) Tokens(string file, int maxTokens)
    {
        var input = BattleInput.Open(RecipeOf("minilm", [$"max_tokens={maxTokens}"]), ModelPath, chat: null);
        int[][] steps = [.. Shuffled(Battles(file)).Select(battle => input.Sequences.Of(battle)[0].Tokens.Count).Chunk(BatchSize)];
        return (steps.Sum(step => (long)step.Sum()), steps.Sum(step => (long)step.Length * step.Max()));
    }

    private static TuningPlan PlanOf(JudgeRecipe recipe, TuningRow[] rows) => new PlanTuning
    {
        Recipe = recipe,
        Validation = new Holdout(AlmostNothing),
        Battles = Array.ConvertAll(rows, row => row.Battle),
        EstimateTokens = text => text?.Length ?? 0,
    }.Run();

    private static TuningRow[] LongestOf(string file, JudgeRecipe recipe, Tuned tuned) =>
    [
        .. Battles(file).Select(tuned.RowOf).Where(row => row.Tokens >= recipe.Options.MaxTokens - 2)
            .Take(recipe.Tuning!.Options.BatchSize),
    ];

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static string ModelPath => ModelFolder.Of("minilm");

    private static JudgeRecipe RecipeOf(string name, string[] changes) =>
        JudgeRecipe.Read(RecipeFile.Load(name, ["folds=null", "holdout=0.1", "tuning.orders=as_given", .. changes]).Recipe);

    private static Battle[] Battles(string file) => [.. BattleReader.Read(file).Select(row => row.Battle).OfType<Battle>()];

    private static Battle[] Shuffled(Battle[] battles)
    {
        new SeededRandom(1).Shuffle(battles);
        return battles;
    }

    private static TuningRow[] Padded(TuningRow[] rows)
    {
        var longest = rows.Max(row => row.Tokens);
        return Array.ConvertAll(rows, row => row with { Sequences = [Filled(row.Sequences[0], longest)] });
    }

    private static TokenSequence Filled(TokenSequence text, int length) =>
        new(text.Id, [.. text.Tokens, .. Enumerable.Repeat(text.Tokens[^1], length - text.Tokens.Count)]);

    // Forward, and backward through weights that do not learn: as much again; of attention twice as much. The last layer computes keys and
    // values of all tokens, and the rest of the last token alone. What adapters add is not counted.
    private static double UsefulOperations(ModelCost cost, int tokens)
    {
        var keys = 2.0 * cost.Layer.Hidden * cost.Layer.KeyHeads * cost.Layer.HeadDimension;
        var weights = (cost.ActiveParameters / (double)cost.Layers * (cost.Layers - 1)) + keys;
        return (2 * 2 * weights * tokens) + (3 * (cost.Layers - 1) * cost.Layer.AttentionOperations(tokens));
    }

    private sealed class Tuned : IDisposable
    {
        private readonly IDisposable _gradients;
        private readonly BattleInput _input;
        private readonly TunedModel _model;

        public Tuned(JudgeRecipe recipe)
        {
            TorchRuntime.Start();
            _gradients = torch.set_grad_enabled(true);
            _input = BattleInput.Open(recipe, recipe.Options.Model!, chat: null);
            _model = TunedModel.Load(recipe, _input, OpenedModel.ReadingOf(recipe, ReadingParameters.Plain), "cpu", seed: 1);
        }

        public TuningRow RowOf(Battle battle) => new(battle, _input.Sequences.Of(battle), new Preference(1, 0, 0), [], Weight: 1);

        public double Seconds(TuningRow[] rows)
        {
            using var scope = torch.NewDisposeScope();
            var clock = Stopwatch.StartNew();
            _ = _model.Learn(rows, rows.Length, rate: 1, steps: 1000);
            return clock.Elapsed.TotalSeconds;
        }

        public void Dispose()
        {
            _model.Dispose();
            _gradients.Dispose();
        }
    }
}
