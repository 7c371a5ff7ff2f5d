using Tiebreak.Tokenization.Splitting;

namespace Tiebreak.Tokenization.Formats;

/// <summary>
/// The fault of Mistral's models from NeMo's vocabulary on: many were published with a tokenizer.json that splits texts by Llama 3's
/// pattern instead of their own (Tekken's). Transformers 4.57.2 and later warn, and mend it with <c>fix_mistral_regex</c>.
/// </summary>
internal static class MistralPattern
{
    private static readonly string[] ModelTypes = ["mistral", "mistral3", "voxtral", "ministral", "ministral3", "pixtral"];

    /// <summary>The sentence for a folder that has the fault; null where there is none, or it is mended.</summary>
    /// <param name="folder">A model's folder.</param>
    /// <param name="tokenizer">Its tokenizer.json.</param>
    /// <param name="config">Its tokenizer_config.json.</param>
    public static string? NoteOn(string folder, JsonPart tokenizer, TokenizerConfig? config)
    {
        var file = Path.Combine(folder, "config.json");
        if (config?.FixesMistralPattern is true || !SplitsAsLlama3(tokenizer["pre_tokenizer"]) || !File.Exists(file))
            return null;
        var type = JsonPart.Parse(FileContent.Read(file), file)["model_type"].TextOr("");
        return ModelTypes.Contains(type, StringComparer.Ordinal)
            ? "The tokenizer splits texts by Llama 3's pattern, not by Mistral's: a known fault of many Mistral folders. Its ids "
                + "differ from those that the model was trained on. Set \"fix_mistral_regex\": true in tokenizer_config.json to split as "
                + "Mistral does."
            : null;
    }

    private static bool SplitsAsLlama3(JsonPart json) => json.Type switch
    {
        "Sequence" => json["pretokenizers"].Items().Any(SplitsAsLlama3),
        "Split" => json["pattern"]["Regex"] is { IsPresent: true } regex && regex.Text() is SplitPatterns.Cl100k,
        _ => false,
    };
}
