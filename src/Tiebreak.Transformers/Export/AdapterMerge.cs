using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Export;

/// <summary>
/// Writes a base and its adapter as one plain checkpoint. Every layer is dequantised and merged in float32 and rounded once, to the type
/// that is stored; one layer is in memory at a time. Heads of other tasks are left out.
/// </summary>
internal static class AdapterMerge
{
    /// <summary>Merges.</summary>
    /// <param name="folder">The base: plain or quantised.</param>
    /// <param name="adapter">The adapter.</param>
    /// <param name="target">The folder to write.</param>
    /// <param name="type">The floating-point type to store; null: what the base's configuration says, else float32.</param>
    /// <returns>The type that was stored.</returns>
    /// <exception cref="InputException">The folders do not fit each other; the message names what is wrong.</exception>
    /// <exception cref="TiebreakException">A number does not fit the type, or the disk is full.</exception>
    public static async Task<DType> RunAsync(string folder, string adapter, string target, DType? type = null)
    {
        TorchRuntime.Start();
        CheckpointFolder.Check(target, folder);
        using var files = ModelFiles.Open(folder, adapter);
        var config = CheckpointFolder.ReadConfig(folder);
        var stored = type ?? StoredType(config);
        var plan = new ModelPlan(files);
        PendingTensor[] tensors =
        [
            .. plan.Linears.SelectMany(linear => plan.Plain(linear, stored)), .. plan.Others.Select(tensor => plan.Plain(tensor, stored)),
        ];
        var tokenizer = AdapterConfig.HasTokens(adapter) && OpenedModel.HasTokenizer(adapter) ? adapter : null;
        await CheckpointFolder.WriteAsync(target, folder, Describe(config, files, stored, labels: null), tensors, tokenizer)
            .ConfigureAwait(false);
        return stored;
    }

    /// <summary>What a configuration says about the type of its weights.</summary>
    internal static DType StoredType(JsonObject config) =>
        DTypes.OfModelNamed((config["torch_dtype"] ?? config["dtype"])?.ToString()) ?? DType.Float32;

    /// <summary>The configuration of a checkpoint that stands for the files.</summary>
    /// <param name="config">The configuration of the base; changed.</param>
    /// <param name="files">The base with its head and its adapter.</param>
    /// <param name="stored">The type that is stored.</param>
    /// <param name="labels">What the outputs of the head stand for; null: nobody says.</param>
    internal static JsonObject Describe(JsonObject config, ModelFiles files, DType stored, IReadOnlyList<string>? labels)
    {
        _ = config.Remove("quantization_config");
        SetType(config, stored);

        // An adapter may have enlarged the vocabulary, or parted the head from the embedding that it was tied to.
        if (config.ContainsKey("vocab_size"))
            config["vocab_size"] = files.Config.Count("vocab_size");
        if (files.Config.Has(TiedEmbedding.Key))
            config[TiedEmbedding.Key] = files.Config.Flag(TiedEmbedding.Key, fallback: false);
        if (labels is null && !files.ChangesHead)
            return config;

        var head = files.HeadKind is HeadKind.Generator ? "ForCausalLM" : "ForSequenceClassification";
        config["architectures"] = new JsonArray([.. files.Config.Architectures.Select(name => (JsonNode)(FamilyOf(name) + head))]);
        if (files.HeadKind is HeadKind.Generator)
            return config;

        _ = config.Remove("num_labels"); // the names below say it
        string[] names = labels is not null ? [.. labels]
            : files.Config.LabelCount == 3 ? ["A", "B", "tie"]
            : [.. Enumerable.Range(0, files.Config.LabelCount).Select(i => $"LABEL_{i}")];
        config["id2label"] = new JsonObject(
            names.Select((name, i) => KeyValuePair.Create(i.ToString(CultureInfo.InvariantCulture), (JsonNode?)name)));
        config["label2id"] = new JsonObject(names.Select((name, i) => KeyValuePair.Create(name, (JsonNode?)i)));
        return config;
    }

    /// <summary>States the type of the weights in a configuration.</summary>
    internal static void SetType(JsonObject config, DType stored) =>
        config[config.ContainsKey("dtype") ? "dtype" : "torch_dtype"] = stored.TorchName();

    /// <summary>What stands before the head in the name of a class: Gemma2 of Gemma2ForCausalLM and of Gemma2Model.</summary>
    internal static string FamilyOf(string architecture)
    {
        var end = architecture.IndexOf("For", StringComparison.Ordinal);
        return end > 0 ? architecture[..end]
            : architecture.EndsWith("Model", StringComparison.Ordinal) ? architecture[..^"Model".Length]
            : architecture;
    }
}
