using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Judges.Bundling;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Tuning.Pretraining;
using Tiebreak.Transformers.Tuning.Replicas;

namespace Tiebreak.Transformers.Tuning;

/// <summary>
/// Trains the weights of a transformer judge, all or those of an adapter. With folds, a model is trained without each fold in turn and
/// asked about it, and the judge on all battles, for as many steps as the recipe says or as served the folds best.
/// </summary>
internal sealed class TunedJudgeTrainer(JudgeRecipe recipe) : IJudgeTrainer
{
    private const string JudgeFolder = "judge";
    private const string PretrainingFolder = "mlm";
    private const string TokenizerFolder = "tokenizer";

    private TuningRecipe Tuning => recipe.Tuning!;

    private bool IsFull => Tuning.Method is TuningMethod.Full;

    // Its model is then in no other place than the bundle.
    private bool IsPretrained => Tuning.Options.Mlm.Epochs > 0;

    public JsonObject ResolvedOptions => recipe.ToJson();

    public bool TakesWeights => true;

    bool IJudgeTrainer.TakesTeachers => true;

    bool IJudgeTrainer.SharesDevices => true;

    public async Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default)
    {
        _ = TrainingDevices.NamesOf(job.Placement.Device);
        ThrowIfOtherTeachers(job.Battles.Teachers.Count);
        if (Tuning.AveragesFolds && job.HeldOut is not null)
            throw new InputException("The recipe's key \"tuning.final\" is average: it needs the recipe's key folds, and not holdout.");
        var folder = new TuningFolder(job.Work);
        try
        {
            return await TrainAsync(job, folder, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private async Task<TrainedJudge> TrainAsync(TrainingJob job, TuningFolder folder, CancellationToken cancellationToken)
    {
        var tokenizer = LearnedTokens.TokenizerWith(
            Tuning.Options.Tokens, OpenedModel.FindTokenizer(recipe.Options), Path.Combine(folder.Path, TokenizerFolder));
        var chat = JudgeChatTemplate.Find(recipe, tokenizer);
        job.Work?.DependOn("libtorch", TransformerJudgeTrainer.LibTorchVersion);
        job.Work?.DependOn("model, adapter and tokenizer", BundledTransformer.HashOf(recipe, tokenizer, chat));
        job.Work?.DependOn("number of threads", job.Threads.ToString(CultureInfo.InvariantCulture)); // each adds up a part of a sum

        var input = BattleInput.Open(recipe, tokenizer, chat);
        job.Progress?.Report(new JobProgress("writing battles as tokens", 0, job.Battles.Count));
        var examples = TuningExamples.Of(
            job.Battles, input.Sequences, WeightsOf(job), Tuning.LearnsFromAnnotators, job.Threads, cancellationToken);
        var setup = new TuningSetup(recipe, input, ReadingOf(job), examples, job);
        JsonObject? pretraining = null;
        if (IsPretrained)
        {
            (var model, pretraining) = await new MaskedPretraining(setup, Path.Combine(folder.Path, PretrainingFolder))
                .RunAsync(cancellationToken).ConfigureAwait(false);
            setup = setup with { Recipe = recipe with { Options = recipe.Options with { Model = model } } };
        }

        var folds = job.HeldOut is null ? await FoldRuns.RunAsync(setup, folder.Path, cancellationToken).ConfigureAwait(false) : null;
        var run = JudgeRun(setup, folder, folds, cancellationToken);
        var (progress, ofRun) = folds is { Weights: [_, ..] weights }
            ? (await run.AverageAsync(weights, WriteAsync, cancellationToken).ConfigureAwait(false), [])
            : await run.RunAsync(WriteAsync, cancellationToken).ConfigureAwait(false);
        var report = Report(setup, chat, run, progress, folds, ofRun, pretraining);
        return await OpenAsync(setup, folder, tokenizer, chat, folds?.OutOfFold, report, cancellationToken).ConfigureAwait(false);

        Task WriteAsync(TunedModel model) => IsFull
            ? TunedFiles.WriteModelAsync(
                FilesIn(folder), model, setup.Recipe, Tuning.Options.Tokens is null || File.Exists(tokenizer) ? null : tokenizer)
            : TunedFiles.WriteAdapterAsync(FilesIn(folder), model, setup.Recipe);
    }

    private double[] WeightsOf(TrainingJob job)
    {
        var ofPrompt = job.Battles.Groups.CountBy(group => group).ToDictionary();
        return
        [
            .. job.Weights.Select((weight, i) => weight * WeightOfSource(job, i)
                * Math.Pow(ofPrompt[job.Battles.Groups[i]], -Tuning.Options.PromptPower)),
        ];
    }

    private double WeightOfSource(TrainingJob job, int battle)
    {
        var named = Tuning.Options.SourceWeights?.GetValueOrDefault(BattleSource.Of(job.Battles.Battles[battle]), 1) ?? 1;
        return job.IsTarget[battle] ? named : named * Tuning.Options.OtherWeight;
    }

    private void ThrowIfOtherTeachers(int count)
    {
        if (Tuning.Options.Distillation.Weights is { } weights && weights.Count != count)
        {
            throw new InputException($"The recipe's key \"tuning.distillation.weights\" has numbers for {weights.Count} teachers, but "
                + $"{count} were given. Give `teachers` a file for each, or set the key to null.")
            {
                Parameters = ["teachers"],
            };
        }
    }

    // Weights that learn find scale and bias themselves; where ties are no output, the model of ties begins with their share of the votes.
    private OutputReading ReadingOf(TrainingJob job)
    {
        if (recipe.HasTieOutput)
            return OpenedModel.ReadingOf(recipe, ReadingParameters.Plain);
        var share = Math.Clamp(job.Battles.Targets.Average(target => target.Tie), 0.01, 0.9);
        var ties = recipe.Options.TieParameter ?? TieModel.OfEqualSides(recipe.Ties, share).Parameter;
        return OpenedModel.ReadingOf(recipe, new ReadingParameters(recipe.Options.Scale ?? 1, [0, 0, 0], ties));
    }

    private static TuningRun JudgeRun(TuningSetup setup, TuningFolder folder, FoldRuns? folds, CancellationToken cancellationToken)
    {
        var job = setup.Job;
        var schedule = setup.ScheduleOf([.. Enumerable.Range(0, job.Battles.Count)]);
        return new TuningRun
        {
            Setup = setup,
            Name = "the judge",
            Folder = Path.Combine(folder.Path, JudgeFolder),
            Schedule = schedule,
            LastStep = folds is null ? schedule.Steps : schedule.EvaluationSteps[folds.Kept(schedule)],
            Evaluated = job.HeldOut is { } heldOut ? HeldOutSet() : null,
        };

        EvaluationSet HeldOutSet()
        {
            double[] weights = [.. Enumerable.Repeat(1.0, heldOut.Count)];
            var examples = TuningExamples.Of(
                heldOut, setup.Input.Sequences, weights, learnsFromAnnotators: false, job.Threads, cancellationToken);
            return new EvaluationSet(examples, [.. Enumerable.Range(0, heldOut.Count)], setup.IsSymmetric);
        }
    }

    private Evaluation Kept(IReadOnlyList<Evaluation> evaluations, RunProgress progress) => Tuning.KeepsBest
        ? evaluations.First(evaluation => evaluation.Step == progress.Best?.Step)
        : evaluations[^1];

    private string FilesIn(TuningFolder folder) => Path.Combine(folder.Path, JudgeFolder, IsFull ? "model" : "adapter");

    private async Task<TrainedJudge> OpenAsync(
        TuningSetup setup,
        TuningFolder folder,
        string tokenizer,
        ChatTemplate? chat,
        Preference[]? outOfFold,
        JsonObject report,
        CancellationToken cancellationToken)
    {
        var (job, files, parameters) = (setup.Job, FilesIn(folder), setup.Reading.Parameters);
        var begun = setup.Recipe.Options;
        var tuned = recipe with { Options = IsFull ? begun with { Model = files } : begun with { Adapter = files } };
        var opened = await OpenedModel.LoadAsync(
            tuned, tokenizer, chat, TrainingDevices.FirstOf(job.Placement), parameters, progress: null, residence: null,
            cancellationToken)
            .ConfigureAwait(false);
        var isLarge = await TransformerJudgeTrainer.IsLargeAsync(opened, cancellationToken).ConfigureAwait(false);
        return new TrainedJudge
        {
            Judge = new TransformerJudge(opened, tuned, job.Threads, folder),
            OutOfFold = outOfFold,
            SaveAsync = bundle => Task.Run(
                () => BundledTransformer.Write(bundle, tuned, tokenizer, chat, parameters, holdsModel: IsFull || IsPretrained),
                cancellationToken),
            Report = report,
            Licences = TransformerJudgeTrainer.LicencesOf(recipe),
            Versions = TransformerJudgeTrainer.VersionsOf(job),
            CheckTolerance = TransformerJudgeTrainer.Tolerance(recipe.Type, recipe.Compute),
            CheckRows = isLarge ? 4 : 16,
            CheckCharacters = isLarge ? 1_500 : 4_000,
        };
    }

    private JsonObject Report(
        TuningSetup setup,
        ChatTemplate? chat,
        TuningRun run,
        RunProgress progress,
        FoldRuns? folds,
        IReadOnlyList<Evaluation> evaluations,
        JsonObject? pretraining)
    {
        var job = setup.Job;
        var rows = Enumerable.Range(0, job.Battles.Count).Where(i => job.IsTarget[i]).ToArray();
        var (said, labels) = folds is not null
            ? ([.. rows.Select(i => folds.OutOfFold[i])], [.. rows.Select(i => job.Battles.Targets[i])])
            : (Kept(evaluations, progress).Preferences, job.HeldOut!.Targets);
        var losses = folds?.LogLosses ?? [.. evaluations.Select(evaluation => evaluation.LogLoss)];
        string?[] notes =
        [
            string.Equals((string?)pretraining?["head"], "drawn", StringComparison.Ordinal) ? MaskedPretraining.HeadBegan : null,
            PretrainingLeak.Find(recipe.Options, folds is null ? job.HeldOut!.Battles : [.. rows.Select(i => job.Battles.Battles[i])]),
            TuningAlarms.OfBatch(Tuning.Options.BatchSize, run.Schedule),
            TuningAlarms.OfLoss(progress.Steps),
            TuningAlarms.OfHead(progress.HeadMovement),
            TuningAlarms.OfClasses(said, labels),
        ];
        var report = new JsonObject
        {
            ["head"] = recipe.Options.Head,
            ["loss_before_calibration"] = said.Zip(labels, LogLoss.Of).Average(),
            ["tuning"] = new JsonObject
            {
                ["steps"] = run.LastStep,
                ["evaluations"] = new JsonArray([.. losses.Select(loss => (JsonNode)loss)]),
            },
        };
        if (pretraining is not null)
            report["mlm"] = pretraining;
        if (JudgeChatTemplate.Origin(recipe, chat) is { } origin)
            report["chat_template"] = origin;
        if (notes.Any(note => note is not null))
            report["notes"] = new JsonArray([.. notes.OfType<string>().Select(note => (JsonNode)note)]);
        return report;
    }
}
