using System.Text.Json.Nodes;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;

namespace Tiebreak.Transformers.Tuning;

/// <summary>The configuration of an adapter that a training begins, as PEFT writes it. The head is saved whole.</summary>
internal static class NewAdapterConfig
{
    private const string AllLinear = "all-linear";

    /// <summary>Describes the adapter of a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="head">The modules of the head; none where it is the language model's.</param>
    /// <param name="layers">The layers that learn; null: all.</param>
    /// <param name="embedding">The module of the word embedding.</param>
    /// <param name="tokens">Tokens whose rows of it learn.</param>
    public static JsonObject Of(
        JudgeRecipe recipe, IReadOnlyList<string> head, IReadOnlyList<int>? layers, string embedding, IReadOnlyList<int> tokens)
    {
        var lora = recipe.Tuning!.Options.Lora;
        return new JsonObject
        {
            ["peft_type"] = "LORA",
            ["task_type"] = recipe.LoadedHead is HeadKind.Generator ? "CAUSAL_LM" : "SEQ_CLS",
            ["base_model_name_or_path"] = Path.GetFileName(recipe.Options.Model),
            ["r"] = lora.Rank,
            ["lora_alpha"] = lora.Alpha,
            ["lora_dropout"] = lora.Dropout,
            ["target_modules"] = lora.Targets is [AllLinear] ? AllLinear : Texts(lora.Targets),
            ["layers_to_transform"] = layers is null ? null : new JsonArray([.. layers.Select(layer => (JsonNode)layer)]),
            ["modules_to_save"] = head is [] ? null : Texts(head),
            ["trainable_token_indices"] = tokens is [] ? null : new JsonObject
            {
                [embedding[(embedding.LastIndexOf('.') + 1)..]] = new JsonArray([.. tokens.Select(token => (JsonNode)token)]),
            },
            ["use_rslora"] = lora.Rslora,
            ["use_dora"] = lora.Dora,
            ["bias"] = "none",
            ["fan_in_fan_out"] = false,
            ["init_lora_weights"] = true,
            ["inference_mode"] = true,
        };
    }

    private static JsonArray Texts(IReadOnlyList<string> texts) => [.. texts.Select(text => (JsonNode)text)];
}
