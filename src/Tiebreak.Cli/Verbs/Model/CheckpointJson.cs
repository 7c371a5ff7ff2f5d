using System.Text.Json.Nodes;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;

namespace Tiebreak.Cli.Verbs.Model;

/// <summary>Checkpoints for machines.</summary>
internal static class CheckpointJson
{
    /// <summary>What is known of a checkpoint; what its configuration does not state is null.</summary>
    public static JsonObject ToJson(this CheckpointDescription description) => new()
    {
        ["path"] = description.Checkpoint.Path,
        ["architecture"] = description.Architecture,
        ["model_type"] = description.Config?.Text("model_type"),
        ["layers"] = description.Config?.Number("num_hidden_layers"),
        ["hidden_size"] = description.Config?.Number("hidden_size"),
        ["heads"] = description.Config?.Number("num_attention_heads"),
        ["key_value_heads"] = description.Config?.Number("num_key_value_heads"),
        ["vocabulary"] = description.Config?.Number("vocab_size"),
        ["positions"] = description.Config?.Number("max_position_embeddings"),
        ["declared_dtype"] = description.DeclaredType,
        ["labels"] = Texts(description.Labels),
        ["quantization"] = description.Quantization,
        ["adapter"] = description.Adapter is { } adapter ? Of(adapter) : null,
        ["tokenizer"] = Texts(description.TokenizerFiles),
        ["parameters"] = description.Parameters,
        ["tensors"] = description.Checkpoint.Entries.Count,
        ["dtypes"] = new JsonObject(
            description.Elements.Select(type => KeyValuePair.Create(type.Key, (JsonNode?)JsonValue.Create(type.Value)))),
        ["bytes"] = description.Files.Sum(file => file.Length),
        ["files"] = new JsonArray(
            [.. description.Files.Select(file => (JsonNode)new JsonObject { ["path"] = file.FullName, ["bytes"] = file.Length })]),
    };

    /// <summary>Tensors by name.</summary>
    public static JsonArray Of(IReadOnlyList<TensorEntry> entries) => new([.. entries.Select(entry => (JsonNode)new JsonObject
    {
        ["name"] = entry.Name,
        ["dtype"] = entry.Type.SafetensorsName(),
        ["shape"] = new JsonArray([.. entry.Shape.Select(size => JsonValue.Create(size))]),
    })]);

    private static JsonObject Of(SettingsFile adapter) => new()
    {
        ["type"] = adapter.Text("peft_type"),
        ["rank"] = adapter.Number("r"),
        ["alpha"] = adapter.Number("lora_alpha"),
        ["dora"] = adapter.IsTrue("use_dora"),
        ["rank_stabilised"] = adapter.IsTrue("use_rslora"),
        ["target_modules"] = Texts(adapter.Texts("target_modules")),
        ["modules_to_save"] = Texts(adapter.Texts("modules_to_save")),
        ["base"] = adapter.Text("base_model_name_or_path"),
    };

    private static JsonArray Texts(IReadOnlyList<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
