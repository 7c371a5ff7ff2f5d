using System.Text.Json.Nodes;

namespace Tiebreak.Transformers.Export;

/// <summary>The <c>quantization_config</c> that Hugging Face's programs write for each format.</summary>
internal static class QuantizationConfigJson
{
    /// <param name="options">The format and its sizes.</param>
    /// <param name="plain">Names of linear layers that stay plain.</param>
    /// <param name="type">The type of everything that is not quantised: <c>bfloat16</c>.</param>
    public static JsonObject Of(QuantizationOptions options, IEnumerable<string> plain, string type)
    {
        var names = new JsonArray([.. plain.Select(name => (JsonNode)name)]);
        return options.Format switch
        {
            QuantizationFormat.Awq => new JsonObject
            {
                ["quant_method"] = "awq",
                ["bits"] = 4,
                ["group_size"] = options.GroupSize,
                ["version"] = "gemm",
                ["zero_point"] = true,
                ["modules_to_not_convert"] = names,
            },
            QuantizationFormat.Gptq => new JsonObject
            {
                ["quant_method"] = "gptq",
                ["bits"] = 4,
                ["group_size"] = options.GroupSize,
                ["desc_act"] = options.ActOrder,
                ["sym"] = true,
                ["checkpoint_format"] = "gptq",
                ["damp_percent"] = new Torch.Quantization.GptqOptions().Damping,
                ["static_groups"] = false,
                ["true_sequential"] = true,
            },
            _ => new JsonObject
            {
                ["quant_method"] = "bitsandbytes",
                ["load_in_4bit"] = options.Format is QuantizationFormat.Nf4,
                ["load_in_8bit"] = options.Format is QuantizationFormat.Int8,
                ["bnb_4bit_quant_type"] = "nf4",
                ["bnb_4bit_use_double_quant"] = options.DoubleQuantization,
                ["bnb_4bit_compute_dtype"] = type,
                ["bnb_4bit_quant_storage"] = "uint8",
                ["llm_int8_threshold"] = 6.0,
                ["llm_int8_skip_modules"] = names,
            },
        };
    }
}
