using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges.Readings;

namespace Tiebreak.Transformers.Judges;

/// <summary>Model, tokenizer and template of a recipe, loaded and found to fit together.</summary>
/// <param name="Tokenizer">The tokenizer.</param>
/// <param name="Scorer">Computes outputs; to be disposed.</param>
/// <param name="Reading">How outputs become preferences.</param>
/// <param name="Chat">The chat template that battles are written with; null: none.</param>
/// <param name="Notes">What is worth knowing of model and tokenizer, one sentence each.</param>
internal sealed record OpenedModel(
    Tokenizer Tokenizer, BattleScorer Scorer, OutputReading Reading, ChatTemplate? Chat, IReadOnlyList<string> Notes)
{
    /// <summary>Loads everything.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="tokenizerPath">Folder or file of the tokenizer.</param>
    /// <param name="chat">The model's chat template; null: none is used.</param>
    /// <param name="placement">Where to compute, and with how many threads.</param>
    /// <param name="parameters">What was fitted when the judge was trained; null: nothing yet.</param>
    /// <param name="cancellationToken">Stops before the weights are read.</param>
    /// <exception cref="InputException">The parts are damaged or do not fit together.</exception>
    public static async Task<OpenedModel> LoadAsync(
        JudgeRecipe recipe,
        string tokenizerPath,
        ChatTemplate? chat,
        Placement placement,
        ReadingParameters? parameters = null,
        CancellationToken cancellationToken = default)
    {
        var (device, threads) = (placement.Device, placement.Threads);
        var options = recipe.Options;
        var tokenizer = TokenizerFile.Open(tokenizerPath);
        var fitter = new BattleFitter(tokenizer, recipe.Template, recipe.Strategy, options.MaxTokens, chat);
        var sequences = new BattleSequences(fitter, recipe.ReadsApart);
        var answers = recipe.Head is HeadKind.Generator ? AnswerTokens.Find(tokenizer, fitter.End, options.Answers) : [];

        if (Devices.Parse(device).Count > 1)
        {
            throw new InputException($"`device` {device} names several devices, but a judge computes on one; start a worker for each.")
            {
                Parameters = ["device"],
            };
        }

        var thread = await ModelThread.StartAsync(
            () => TransformerModel.Load(options.Model!, recipe.Type, device, options.Adapter, head: recipe.LoadedHead), threads,
            cancellationToken).ConfigureAwait(false);
        try
        {
            var (head, notes, hidden) = await thread.LookAsync(
                model =>
                {
                    ModelFit.Check(model, recipe, tokenizer, sequences);
                    return (HeadOf(model), model.Notes, model.Backbone.HiddenSize);
                },
                cancellationToken).ConfigureAwait(false);
            var scorer = new BattleScorer(thread, sequences, head, options.BatchTokens, threads);
            return new OpenedModel(tokenizer, scorer, Read(recipe, parameters, hidden), chat, [.. notes, .. tokenizer.Notes]);
        }
        catch
        {
            await thread.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        Head HeadOf(TransformerModel model) => recipe.Head is HeadKind.Probe ? new StateHead(model.Backbone.HiddenSize, recipe.ReadsMean)
            : model.Head is not GeneratorHead generator ? model.Head
            : options.RewardToken is { } token ? new RewardHead(new AnswerHead(generator, [[token]]))
            : new AnswerHead(generator, answers);
    }

    /// <summary>Where the tokenizer of a recipe is: the one named, else that of the model, else that of the adapter.</summary>
    public static string FindTokenizer(TransformerJudgeOptions options)
    {
        if (options.Tokenizer is { } named)
            return named;
        string[] places = [options.Model!, .. options.Adapter is { } adapter ? new[] { adapter } : []];
        return Array.Find(places, HasTokenizer) ?? throw new InputException(
            $"{string.Join(" and ", places)} hold no tokenizer; name its folder or file in the recipe's key \"tokenizer\".");
    }

    // Settings alone make no tokenizer.
    private static bool HasTokenizer(string folder) => Directory.Exists(folder)
        && Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Any(name => CheckpointFiles.IsTokenizer(name)
            && !name.EndsWith("_config.json", StringComparison.Ordinal) && !name.StartsWith("chat_template", StringComparison.Ordinal)
            && name is not ("special_tokens_map.json" or "added_tokens.json"));

    private static OutputReading Read(JudgeRecipe recipe, ReadingParameters? parameters, int hidden)
    {
        var options = recipe.Options;
        if (recipe.Head is HeadKind.Probe)
            return new ProbeReading(parameters?.Probe ?? ProbeWeights.Zero(hidden), options.L2);
        if (!recipe.HasTieOutput)
        {
            var isReversed = recipe.Head is not HeadKind.Generator && options.Labels is ["B", "A"];
            return new ScoreReading(recipe.Ties, options.Scale, options.TieParameter, parameters, isReversed);
        }

        // A generator's answers are asked for in the order A, B, tie.
        string[] labels = recipe.Head is HeadKind.Generator ? ["A", "B", "tie"] : [.. options.Labels];
        int[] order = [Array.IndexOf(labels, "A"), Array.IndexOf(labels, "B"), Array.IndexOf(labels, "tie")];
        return new LabelReading(order, !recipe.FitsBias, parameters ?? ReadingParameters.Plain);
    }
}
