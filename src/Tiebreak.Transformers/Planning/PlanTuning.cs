using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Training;
using Tiebreak.Torch;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Tuning;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Planning;

/// <summary>Works out what a training takes in memory, time and money, before any weight is read.</summary>
internal sealed record PlanTuning
{
    private const double SecondsOfHour = 3600;

    // The trial's products, so that it ends soon on a machine without a card: about as many operations as take a few seconds.
    private const double TrialOperations = 3e11;
    private const int ShortestTrial = 256; // tokens

    /// <summary>The recipe; of its model the configuration is enough.</summary>
    public required JudgeRecipe Recipe { get; init; }

    /// <summary>Folds or a hold-out.</summary>
    public required Validation Validation { get; init; }

    /// <summary>The battles to learn from.</summary>
    public required IReadOnlyList<Battle> Battles { get; init; }

    /// <summary>The source that the judge is for; null for that of the first battle.</summary>
    public string? Target { get; init; }

    /// <summary>Where to train.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Estimates the tokens of a text, where the folder holds no tokenizer.</summary>
    public required Func<string?, int> EstimateTokens { get; init; }

    /// <summary>What an hour of the machine costs, in any currency; null where nobody said.</summary>
    public double? PriceAnHour { get; init; }

    /// <summary>Threads to use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    private TuningOptions Options => Recipe.Tuning!.Options;

    /// <summary>Plans.</summary>
    /// <exception cref="InputException">The model or the device cannot be used, or there is no battle.</exception>
    public TuningPlan Run(CancellationToken cancellationToken = default)
    {
        if (Battles.Count == 0)
            throw new InputException("There is no battle to learn from.");
        if (Recipe.Options.Adapter is not null)
            throw new InputException("Tiebreak cannot plan the further training of an adapter; leave the recipe's key \"adapter\" out.");
        var gpus = Devices.Gpus(Device);
        TorchRuntime.Start(Threads);
        var folder = Recipe.Options.Model!;
        var config = ModelConfig.Read(folder);
        var text = File.ReadAllBytes(config.Path);
        if (Options.Dropout is { } share)
            config = ModelFiles.WithDropout(config, share);
        config = config.WithLabelCount(Recipe.Outputs);
        var cost = ModelCost.Of(Recipe);
        var learned = LearnedParameters.Of(config, Recipe);
        var (lengths, isEstimate) = new BattleLengths
        {
            Model = folder,
            MaxTokens = Recipe.Options.MaxTokens,
            Chunks = Recipe.Options.Chunks,
            Template = Recipe.Template,
            Strategy = Recipe.Strategy,
            EstimateTokens = EstimateTokens,
            Threads = Threads,
        }.Of(Battles, cancellationToken);
        int[] tokensOf = [.. lengths.Select(sequences => sequences.Sum())];
        var longest = lengths.Max(sequences => sequences.Max());
        if (cost.MaxPositions is { } positions && longest > positions)
        {
            throw new InputException(string.Create(
                CultureInfo.InvariantCulture,
                $"The longest text has {longest:N0} tokens, but the model has {positions:N0} positions; lower the recipe's key "
                + $"\"max_tokens\"."));
        }

        var work = WorkOf(tokensOf);
        var canMeasure = gpus.Count == 0 || TorchSharp.torch.cuda.is_available();
        var times = canMeasure
            ? Measured(text, cost, learned, lengths, Devices.Parse(Device)[0])
            : Estimated(cost, lengths);
        var adversarial = Recipe.Tuning!.Adversarial is null ? 1 : 2 - Options.Adversarial.Start;
        var seconds = (adversarial * ((work.Tokens * times.LearnToken) + (work.Parts * times.Gather)))
            + (work.Steps * times.Step) + (work.AskedTokens * times.AskToken);
        var isCpu = gpus.Count == 0;
        var masked = Options.Mlm.Epochs > 0 ? MaskedTraining.Of(config, cost, Recipe, tokensOf, longest, isCpu) : null;
        seconds += masked is null ? 0 : masked.Tokens * times.LearnToken * masked.WorkOfToken;
        var widest = new WidestPart(Math.Max(longest, TokensOfPart(tokensOf)), longest, Recipe.ReadsMean || cost.ReadsAllTokens);
        var memory = TuningMemory.Of(config, cost, learned, Recipe, widest, isCpu);
        return new TuningPlan
        {
            ModelType = cost.ModelType,
            Parameters = cost.Parameters,
            LearnedParameters = learned.Count,
            Dtype = Recipe.Type.TorchName(),
            Memory = masked?.Memory.TotalBytes > memory.TotalBytes ? masked.Memory : memory,
            Battles = Battles.Count,
            Longest = longest,
            TokensEstimated = isEstimate,
            Runs = work.Runs,
            Steps = work.Steps,
            Tokens = work.Tokens,
            MaskedTokens = masked?.Tokens ?? 0,
            AskedTokens = work.AskedTokens,
            TokensPerSecond = (work.Tokens + (masked?.Tokens ?? 0)) / Math.Max(seconds, 1e-9),
            Seconds = seconds,
            IsMeasured = canMeasure,
            HeapHasHoles = isCpu && !TorchRuntime.KeepTensorsApart(),
            Cost = PriceAnHour * seconds / SecondsOfHour,
        };
    }

    // A part of a step is filled up to the budget, but a step may have less, and a battle is never divided.
    private int TokensOfPart(int[] tokensOf)
    {
        var showings = Recipe.Tuning!.Orders is ShownOrders.Together ? 2 : 1;
        var largest = tokensOf.OrderDescending().Take(Options.BatchSize).Sum(tokens => (long)tokens) * showings;
        return (int)Math.Max(tokensOf.Max(), Math.Min(Options.BatchTokens, largest));
    }

    private (double Runs, long Steps, long Tokens, long Parts, long AskedTokens) WorkOf(int[] tokensOf)
    {
        var isTarget = BattleSource.FindTarget(Battles, Target);
        int[] rows = [.. Enumerable.Range(0, Battles.Count)];
        var schedule = new BatchSchedule([.. rows.Where(i => isTarget[i])], [.. rows.Where(i => !isTarget[i])], Recipe.Tuning!, seed: 0);
        var (tokens, parts) = (0L, 0L);
        for (var step = 0; step < schedule.Steps; step++)
        {
            var ofStep = schedule.Of(step).Sum(example => (long)tokensOf[example.Battle]);
            tokens += ofStep;
            parts += (ofStep + Options.BatchTokens - 1) / Options.BatchTokens;
        }

        // With k folds each battle is learned from k - 1 times, and once more for the judge.
        var (runs, asked) = Validation switch
        {
            CrossValidation folds => (folds.Folds - (Recipe.Tuning!.AveragesFolds ? 1 : 0), 1.0),
            Holdout holdout => (1 - holdout.Share, holdout.Share),
            _ => throw new InvalidOperationException($"{Validation} is no known validation."),
        };
        var evaluations = schedule.EvaluationSteps.Count + (Validation is Holdout ? 1 : 0); // a judge is asked about the hold-out again
        var ofTarget = rows.Where(i => isTarget[i]).Sum(i => (long)tokensOf[i]) * (Recipe.IsSymmetric ? 1 : 2);
        return (runs, (long)(runs * schedule.Steps), (long)(runs * tokens), (long)(runs * parts), (long)(asked * evaluations * ofTarget));
    }

    private TrialTimes Measured(
        byte[] config, ModelCost cost, LearnedParameters learned, int[][] lengths, TorchSharp.torch.Device device)
    {
        var operations = 6.0 * Math.Max(1, cost.ActiveParameters / cost.Layers) * 3; // of a token in three layers
        var budget = device.type is TorchSharp.DeviceType.CPU
            ? (int)Math.Clamp(TrialOperations / operations, ShortestTrial, Options.BatchTokens)
            : Options.BatchTokens;
        return new TuningTrial(Recipe, config, device, SampleOf(lengths, budget)).Run(cost.Layers, learned.Count);
    }

    // Lengths at even distances among all, so that attention has its usual work.
    private static List<int> SampleOf(int[][] lengths, int budget)
    {
        int[] sorted = [.. lengths.SelectMany(sequences => sequences).Order()];
        var mean = sorted.Average();
        var count = (int)Math.Clamp(budget / mean, 1, sorted.Length);
        return [.. Enumerable.Range(0, count).Select(i => sorted[(int)((i + 0.5) * sorted.Length / count)])];
    }

    // Forward once, backward once for what passes through a layer and once more for its weights, and with checkpoints forward again.
    private TrialTimes Estimated(ModelCost cost, int[][] lengths)
    {
        var all = lengths.SelectMany(sequences => sequences).ToList();
        var forward = all.Sum(length => cost.OperationsOf(length)) / all.Sum(length => (double)length) / PlanCheckpoint.UsualCardRate;
        var passes = (Recipe.Tuning!.Method is TuningMethod.Lora ? 2 : 3) + (Options.GradientCheckpointing ? 1 : 0);
        return new TrialTimes(passes * forward, forward, 0, 0);
    }
}

/// <summary>What a training takes.</summary>
internal sealed record TuningPlan
{
    /// <summary>The model's family.</summary>
    public required string ModelType { get; init; }

    /// <summary>Parameters of the model.</summary>
    public required long Parameters { get; init; }

    /// <summary>Numbers that learn.</summary>
    public required long LearnedParameters { get; init; }

    /// <summary>What is computed with.</summary>
    public required string Dtype { get; init; }

    /// <summary>Memory.</summary>
    public required TuningMemory Memory { get; init; }

    /// <summary>
    /// Whether holes in the C library's heap add up to half to that: on a processor, where large tensors cannot be kept apart from it.
    /// </summary>
    public required bool HeapHasHoles { get; init; }

    /// <summary>Memory that this process may use.</summary>
    public long MemoryHereBytes { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Battles.</summary>
    public required int Battles { get; init; }

    /// <summary>Tokens of the longest sequence.</summary>
    public required int Longest { get; init; }

    /// <summary>Whether tokens are estimated, because the folder holds no tokenizer.</summary>
    public required bool TokensEstimated { get; init; }

    /// <summary>How often all battles are learned from, in units of one training on them: folds add up.</summary>
    public required double Runs { get; init; }

    /// <summary>Steps of all runs.</summary>
    public required long Steps { get; init; }

    /// <summary>Tokens that are learned from in all runs.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens of the texts in which masked ones are guessed before.</summary>
    public required long MaskedTokens { get; init; }

    /// <summary>Tokens of battles that models are asked about.</summary>
    public required long AskedTokens { get; init; }

    /// <summary>Tokens learned from in a second, evaluations included.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Estimated seconds of the whole training.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// Whether a trial on the device was the basis; otherwise the device is not here, and the rate is that of a usual card.
    /// </summary>
    public required bool IsMeasured { get; init; }

    /// <summary>What that costs at the price of an hour; null where nobody said one.</summary>
    public required double? Cost { get; init; }
}
