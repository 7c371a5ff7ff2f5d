using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core.Files;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Tuning.Pretraining;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tuning;

/// <summary>Writes what a training has learned, in the layouts of transformers and PEFT.</summary>
internal static class TunedFiles
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    // Hugging Face's programs refuse a file that does not say so.
    private static readonly Dictionary<string, string> Metadata = new(StringComparer.Ordinal) { ["format"] = "pt" };

    /// <summary>Writes the whole model, with its tokenizer.</summary>
    /// <param name="target">The folder.</param>
    /// <param name="model">The model, on its thread.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="tokenizer">The folder of its tokenizer; null: that of the base.</param>
    public static Task WriteModelAsync(string target, TunedModel model, JudgeRecipe recipe, string? tokenizer)
    {
        var (files, source) = (model.Files, recipe.Options.Model!);
        var labels = recipe.Head is HeadKind.Classifier or HeadKind.Siamese ? recipe.Options.Labels : null;
        var config = AdapterMerge.Describe(CheckpointFolder.ReadConfig(source), files, recipe.Type, labels);
        if (model.Tokens.Count > 0 && config.ContainsKey("vocab_size"))
            config["vocab_size"] = model.VocabularySize;
        var tables = files.WordTables;
        var unchanged = model.Unchanged(recipe.Type);
        PendingTensor[] tensors =
        [
            .. files.WholeNames().Select(name => new PendingTensor(
                name.Whole,
                recipe.Type,
                ShapeOf(name.Tensor),
                () => model.Parameters.Tensors.TryGetValue(name.Tensor.Name, out var learned)
                    ? learned.detach().alias()
                    : WithTokens(name.Tensor.Name, unchanged.Tensor(name.Tensor.Name, [.. ShapeOf(name.Tensor)])))),
        ];
        return CheckpointFolder.WriteAsync(target, source, config, tensors, tokenizer);

        IReadOnlyList<long> ShapeOf(TensorShape tensor) =>
            tables.Contains(tensor.Name, StringComparer.Ordinal) ? [model.VocabularySize, tensor.Shape[1]] : tensor.Shape;

        Tensor WithTokens(string name, Tensor table)
        {
            if (!model.Parameters.Tensors.TryGetValue(TrainableWeights.RowsOfTokens(name), out var rows))
                return table;
            using var words = new WordEmbedding(table, model.Tokens, rows.detach().alias());
            return words.Matrix();
        }
    }

    /// <summary>
    /// Writes a model that has learned to guess masked tokens, with the head for it and its tokenizer. A pooler and a head of labels stay
    /// as they are stored, for whoever tunes it.
    /// </summary>
    /// <param name="target">The folder.</param>
    /// <param name="model">The model, on its thread.</param>
    /// <param name="recipe">Its recipe.</param>
    public static Task WritePretrainedAsync(string target, MaskedModel model, JudgeRecipe recipe)
    {
        var (files, source, learned) = (model.Files, recipe.Options.Model!, model.Parameters.Tensors);
        var config = CheckpointFolder.ReadConfig(source);
        AdapterMerge.SetType(config, recipe.Type);
        config["architectures"] = new JsonArray(
            [.. files.Config.Architectures.Select(name => (JsonNode)$"{AdapterMerge.FamilyOf(name)}ForMaskedLM")]);
        var ofBackbone = files.WholeNames().ToDictionary(name => name.Tensor.Name, name => name.Whole, StringComparer.Ordinal);
        var stored = files.Weights(recipe.Type, CPU);
        PendingTensor[] tensors =
        [
            .. learned.Select(pair => new PendingTensor(
                ofBackbone.GetValueOrDefault(pair.Key, pair.Key), recipe.Type, pair.Value.shape, () => pair.Value.detach().alias())),
            .. files.StoredClassifier().Where(name => !learned.ContainsKey(name.Stored)).Select(name => new PendingTensor(
                name.Whole, recipe.Type, files.Checkpoint[name.Stored].Shape, () => stored.Tensor(name.Stored))),
        ];
        return CheckpointFolder.WriteAsync(target, source, config, tensors);
    }

    /// <summary>Writes the adapter.</summary>
    /// <param name="target">The folder.</param>
    /// <param name="model">The model, on its thread.</param>
    /// <param name="recipe">Its recipe.</param>
    public static Task WriteAdapterAsync(string target, TunedModel model, JudgeRecipe recipe) => AtomicFolder.WriteAsync(target, folder =>
    {
        File.WriteAllBytes(Path.Combine(folder, AdapterConfig.FileName), ConfigOf(model, recipe));
        var modules = model.Files.WholeNames().DistinctBy(name => ModuleOf(name.Tensor.Name), StringComparer.Ordinal)
            .ToDictionary(name => ModuleOf(name.Tensor.Name), name => ModuleOf(name.Whole), StringComparer.Ordinal);
        SafetensorsWriter.Write(
            Path.Combine(folder, "adapter_model.safetensors"),
            model.Parameters.Tensors.ToDictionary(
                pair => model.NewAdapter is null ? pair.Key : WholeName(pair.Key, modules),
                pair => pair.Value.detach(),
                StringComparer.Ordinal),
            Metadata);
        return Task.CompletedTask;
    });

    // One that was there before keeps its configuration.
    private static byte[] ConfigOf(TunedModel model, JudgeRecipe recipe) => model.NewAdapter is { } config
        ? Encoding.UTF8.GetBytes(config.ToJsonString(Readable))
        : File.ReadAllBytes(Path.Combine(recipe.Options.Adapter!, AdapterConfig.FileName));

    // PEFT names the modules of the whole model, also where the base was saved without head.
    private static string WholeName(string name, Dictionary<string, string> modules)
    {
        var inModel = Adapter.NameInModel(name);
        for (var end = inModel.LastIndexOf('.'); end > 0; end = inModel.LastIndexOf('.', end - 1))
        {
            if (modules.TryGetValue(inModel[..end], out var whole))
                return $"{Adapter.Wrapping}{whole}{inModel[end..]}";
        }

        return name;
    }

    private static string ModuleOf(string tensor) => tensor[..tensor.LastIndexOf('.')];
}
