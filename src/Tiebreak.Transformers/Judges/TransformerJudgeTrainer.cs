using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Licences;
using Tiebreak.Core.Metrics;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Torch;
using Tiebreak.Transformers.Inspection;
using Tiebreak.Transformers.Judges.Bundling;
using Tiebreak.Transformers.Judges.Readings;

namespace Tiebreak.Transformers.Judges;

/// <summary>
/// Makes a judge of a published model. No weight is changed: what is fitted on the votes are the few numbers between its outputs and a
/// preference, or a probe of its states, and they are fitted out of fold, so that the reported loss is that of new battles.
/// </summary>
internal sealed class TransformerJudgeTrainer(JudgeRecipe recipe) : IJudgeTrainer
{
    // Every opening of the bundle computes its check rows in both orders: a large model gets few and short ones.
    private const long LargeParameters = 200_000_000;

    public JsonObject ResolvedOptions => recipe.ToJson();

    /// <summary>The version of libtorch, which results depend on.</summary>
    internal static string LibTorchVersion => TorchRuntime.Start().Version?.ToString() ?? "unknown";

    public async Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default)
    {
        var tokenizer = OpenedModel.FindTokenizer(recipe.Options);
        var chat = JudgeChatTemplate.Find(recipe, tokenizer);
        var opened = await OpenedModel.LoadAsync(
            recipe, tokenizer, chat, job.Placement, parameters: null, job.Progress, residence: null, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            job.Work?.DependOn("libtorch", LibTorchVersion);
            job.Work?.DependOn("model, adapter and tokenizer", BundledTransformer.HashOf(recipe, tokenizer, chat));
            int[] rows = [.. Enumerable.Range(0, job.Battles.Count).Where(i => job.IsTarget[i])];
            var votes = await ScoreAsync(opened, job, rows, cancellationToken).ConfigureAwait(false);
            var readings = await Task.Run(
                () => opened.Reading.FitFolds(votes, [.. rows.Select(row => job.Folds[row])], job.FoldCount, job.Threads),
                cancellationToken).ConfigureAwait(false);
            var outOfFold = job.HeldOut is null ? OutOfFold(votes, readings.OfFold, job, rows) : null;
            var final = readings.Final;
            double? loss = outOfFold is null ? null : rows.Average(i => LogLoss.Of(outOfFold[i], job.Battles.Targets[i]));
            var notes = new List<string>(opened.Notes);
            if (outOfFold is not null && ExchangedLabels.Suspects([.. rows.Select(i => (outOfFold[i], job.Battles.Targets[i]))]))
            {
                notes.Add("the votes fit the model better with A and B exchanged: look whether the recipe's keys labels or answers name "
                    + "its outputs in the right order.");
            }

            var isLarge = await IsLargeAsync(opened, cancellationToken).ConfigureAwait(false);
            return new TrainedJudge
            {
                Judge = new TransformerJudge(opened with { Reading = final }, recipe, job.Threads),
                OutOfFold = outOfFold,
                SaveAsync = folder => Task.Run(() => BundledTransformer.Write(folder, recipe, tokenizer, chat, final.Parameters)),
                Report = Report(final, chat, loss, notes),
                Licences = LicencesOf(recipe),
                Versions = VersionsOf(job),
                CheckTolerance = Tolerance(recipe.Type, recipe.Compute),
                CheckRows = isLarge ? 4 : 16,
                CheckCharacters = isLarge ? 1_500 : 4_000,
            };
        }
        catch
        {
            await opened.Scorer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// How far a check row may differ when the bundle is opened elsewhere: what another processor's rounding does to a probability.
    /// </summary>
    internal static double Tolerance(DType type, LinearCompute compute) => type switch
    {
        _ when compute is LinearCompute.Int8 => 0.02, // a number may be rounded to the next step
        DType.BFloat16 => 0.02,
        DType.Float16 => 0.005,
        _ => 1e-4,
    };

    /// <summary>What the parts that a judge stands on say of their licences.</summary>
    internal static IReadOnlyList<LicenceStatement> LicencesOf(JudgeRecipe recipe) =>
    [
        ModelLicence.StatementOf("model", recipe.Options.Model!),
        .. recipe.Options.Adapter is { } adapter ? new[] { ModelLicence.StatementOf("adapter", adapter) } : [],
    ];

    /// <summary>What a judge's numbers depend on beside this program.</summary>
    internal static IReadOnlyDictionary<string, string> VersionsOf(TrainingJob job) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["libtorch"] = LibTorchVersion,
            ["device"] = job.Placement.Device,
        };

    /// <summary>Whether a model is so large that few and short battles check it when its bundle is opened.</summary>
    internal static Task<bool> IsLargeAsync(OpenedModel opened, CancellationToken cancellationToken) => opened.Scorer.Thread.LookAsync(
        model => TransformerModel.TensorsOf(model.Config, model.HeadKind).Sum(tensor => tensor.Count) > LargeParameters, cancellationToken);

    private static Preference[] OutOfFold(ScoredVotes votes, IReadOnlyList<OutputReading> ofFold, TrainingJob job, int[] rows)
    {
        var outOfFold = new Preference[job.Battles.Count];
        Array.Fill(outOfFold, Preference.Uniform);
        for (var i = 0; i < rows.Length; i++)
            outOfFold[rows[i]] = votes.Read(ofFold[job.Folds[rows[i]]], i);
        return outOfFold;
    }

    private async Task<ScoredVotes> ScoreAsync(OpenedModel opened, TrainingJob job, int[] rows, CancellationToken cancellationToken)
    {
        Battle[] battles = [.. rows.Select(row => job.Battles.Battles[row])];
        Preference[] targets = [.. rows.Select(row => job.Battles.Targets[row])];
        var orders = recipe.IsSymmetric ? 1 : 2;
        var first = await ScoreOrderAsync("judging", "first-order", battles, targets, before: 0).ConfigureAwait(false);
        var second = orders == 1
            ? null
            : await ScoreOrderAsync(
                "judging with A and B exchanged",
                "second-order",
                [.. battles.Select(battle => battle.Swapped())],
                [.. targets.Select(target => target.Swapped())],
                before: rows.Length).ConfigureAwait(false);
        for (var i = 0; i < battles.Length; i++)
        {
            if ((BattleScorer.ProblemOf(first[i], battles[i]) ?? (second is null ? null : BattleScorer.ProblemOf(second[i], battles[i])))
                is { } problem)
            {
                throw new TiebreakException(problem);
            }
        }

        return new ScoredVotes(first, second, targets);

        async Task<float[][]> ScoreOrderAsync(string stage, string journal, Battle[] shown, Preference[] votes, int before)
        {
            using var finished = job.Work is { } work ? new FinishedBatches(work.OpenJournal(journal)) : null;
            var bar = new StageProgress(job.Progress, stage, orders * rows.Length, before);
            var speed = new JudgingSpeed(job.Log, stage, finished, bar);
            var outputs = await opened.Scorer.ScoreAsync(shown, losses: null, finished, speed, cancellationToken).ConfigureAwait(false);
            speed.Finish(outputs.Zip(votes, (values, vote) => LogLoss.Of(opened.Reading.Read(values), vote)).Average());
            return outputs;
        }
    }

    private JsonObject Report(OutputReading reading, ChatTemplate? chat, double? loss, IReadOnlyList<string> notes)
    {
        var (report, parameters) = (new JsonObject { ["head"] = recipe.Options.Head }, reading.Parameters);
        if (JudgeChatTemplate.Origin(recipe, chat) is { } origin)
            report["chat_template"] = origin;
        if (loss is { } beforeCalibration)
            report["loss_before_calibration"] = beforeCalibration;
        if (parameters.Probe is { } probe)
            report["l2"] = probe.Penalty;
        else if (!reading.IsFixed)
            report["scale"] = parameters.Scale;
        if (parameters.TieParameter is { } tie)
            report["tie_parameter"] = tie;
        if (recipe.FitsBias)
            report["bias"] = new JsonArray([.. parameters.Bias.Select(bias => (JsonNode)bias)]);
        if (notes.Count > 0)
            report["notes"] = new JsonArray([.. notes.Select(note => (JsonNode)note)]);
        return report;
    }
}
