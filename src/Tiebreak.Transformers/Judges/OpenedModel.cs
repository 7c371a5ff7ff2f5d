using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Engine;
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
    /// <summary>How the model is held in memory, where people should know, as a sentence; null: nothing.</summary>
    public string? Notice { get; private init; }

    /// <summary>Loads everything.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="tokenizerPath">Folder or file of the tokenizer.</param>
    /// <param name="chat">The model's chat template; null: none is used.</param>
    /// <param name="placement">Where to compute, and with how many threads.</param>
    /// <param name="parameters">What was fitted when the judge was trained; null: nothing yet.</param>
    /// <param name="progress">Told how many of the layers are loaded.</param>
    /// <param name="residence">How memory holds the model, where the caller has decided it; null: it is decided here.</param>
    /// <param name="cancellationToken">Stops before the weights are read.</param>
    /// <exception cref="InputException">The parts are damaged or do not fit together.</exception>
    public static async Task<OpenedModel> LoadAsync(
        JudgeRecipe recipe,
        string tokenizerPath,
        ChatTemplate? chat,
        Placement placement,
        ReadingParameters? parameters = null,
        IProgress<JobProgress>? progress = null,
        ModelResidence? residence = null,
        CancellationToken cancellationToken = default)
    {
        var (device, threads) = (placement.Device, placement.Threads);
        var options = recipe.Options;
        var input = BattleInput.Open(recipe, tokenizerPath, chat);
        _ = Devices.OfModel(device); // before anything is read

        residence ??= ModelResidence.Of(recipe, placement);
        var thread = await ModelThread.StartAsync(
            () => TransformerModel.Load(
                options.Model!, recipe.Type, device, options.Adapter, recipe.Compute, recipe.LoadedHead,
                backbone => residence.IsLayerMajor ? new StreamingRunner(backbone) : new ResidentRunner(backbone, progress)),
            threads, cancellationToken).ConfigureAwait(false);
        try
        {
            var (head, sharing, notes) = await thread.LookAsync(
                model =>
                {
                    ModelFit.Check(model, recipe, input.Tokenizer, input.Sequences);
                    var head = input.HeadOf(model);
                    return (head, model.SharingFor(head), model.Notes);
                },
                cancellationToken).ConfigureAwait(false);

            // A budget of one token: every battle is a batch by itself.
            var (batchTokens, shared) = placement.IsInvariant ? (1, null) : (options.BatchTokens, sharing);
            var scorer = new BattleScorer(thread, input.Sequences, head, shared, batchTokens, residence.SliceTokens, threads);
            return new OpenedModel(input.Tokenizer, scorer, ReadingOf(recipe, parameters), chat, [.. notes, .. input.Tokenizer.Notes])
            {
                Notice = residence.Notice,
            };
        }
        catch
        {
            await thread.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Where the tokenizer of a recipe is: the one named, else that of the model, else that of the adapter. Of an adapter that brings rows
    /// of single tokens its own comes first: the model's may lack these tokens.
    /// </summary>
    public static string FindTokenizer(TransformerJudgeOptions options)
    {
        if (options.Tokenizer is { } named)
            return named;
        string[] places = options.Adapter is not { } adapter ? [options.Model!]
            : AdapterConfig.HasTokens(adapter) ? [adapter, options.Model!]
            : [options.Model!, adapter];
        return Array.Find(places, HasTokenizer) ?? throw new InputException(
            $"{string.Join(" and ", places)} hold no tokenizer; name its folder or file in the recipe's key \"tokenizer\".");
    }

    /// <summary>How a recipe's model is read.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="parameters">What was fitted, or given; null: nothing yet.</param>
    public static OutputReading ReadingOf(JudgeRecipe recipe, ReadingParameters? parameters)
    {
        var options = recipe.Options;
        if (recipe.Head is HeadKind.Probe)
            return new ProbeReading(parameters?.Probe ?? ProbeWeights.None, options.L2);
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

    // Settings alone make no tokenizer.
    internal static bool HasTokenizer(string folder) => Directory.Exists(folder)
        && Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Any(name => CheckpointFiles.IsTokenizer(name)
            && !name.EndsWith("_config.json", StringComparison.Ordinal) && !name.StartsWith("chat_template", StringComparison.Ordinal)
            && name is not ("special_tokens_map.json" or "added_tokens.json"));
}
