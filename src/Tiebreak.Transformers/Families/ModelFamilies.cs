using Tiebreak.Core;
using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Families;

/// <summary>The families that this program computes. A new Llama-like one is a file beside this and a line in it.</summary>
internal static class ModelFamilies
{
    private static readonly ModelFamily[] All =
    [
        new LlamaFamily(), new MistralFamily(), new TextPartFamily("mistral3", new MistralFamily(), MistralFamily.Defaults),
        new MixtralFamily(), new Qwen2Family(), new Qwen3Family(), new Qwen3MoeFamily(), new GemmaFamily(), new Gemma2Family(),
        new Gemma3Family(), new TextPartFamily("gemma3", new Gemma3Family(), Gemma3Family.Defaults), new Phi3Family(),
        new InternLm2Family(), new Olmo2Family(), new SmolLm3Family(), new GraniteFamily(), new GlmFamily(), new Glm4Family(),
        new Cohere2Family(), new GptNeoXFamily(), new BertFamily(), new RobertaFamily("roberta"), new RobertaFamily("xlm-roberta"),
        new DistilBertFamily(), new ElectraFamily(), new DebertaFamily(), new ModernBertFamily(),
    ];

    /// <summary>Their names, as configurations spell them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(family => family.ModelType)];

    /// <summary>The family of a configuration.</summary>
    /// <exception cref="InputException">The family is unknown; the message lists those that are.</exception>
    public static ModelFamily Of(ModelConfig config) =>
        Array.Find(All, family => string.Equals(family.ModelType, config.ModelType, StringComparison.Ordinal))
        ?? throw new InputException($"{config.Path}: Tiebreak does not compute {config.ModelType} models (\"model_type\"); "
            + $"it computes {string.Join(", ", Names)}.");
}
