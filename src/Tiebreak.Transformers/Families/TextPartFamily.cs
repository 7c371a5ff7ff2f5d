using System.Text;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// Models that read pictures too (Gemma 3 from 4B on, Mistral Small 3.1 and 3.2), of which the text part is computed: a decoder under the
/// configuration's <c>text_config</c>. Weights of the part for pictures stay unused.
/// </summary>
/// <param name="modelType">The <c>model_type</c> of the whole.</param>
/// <param name="text">The text part's family.</param>
/// <param name="defaults">
/// What transformers' class has for fields that <c>text_config</c> lacks: of nested configurations it writes differences only.
/// </param>
internal sealed class TextPartFamily(string modelType, DecoderFamily text, string defaults) : DecoderFamily
{
    // Of transformers up to 4.51 and of all that write its layout; of transformers from 4.52 on in memory, and from 5 on in files.
    private static readonly string[] Prefixes = ["language_model.model.", "model.language_model.", "model."];

    private static readonly string[] OtherParts =
        ["vision_tower.", "multi_modal_projector.", "model.vision_tower.", "model.multi_modal_projector.", "language_model.lm_head."];

    private readonly ModelConfig _defaults = ModelConfig.Parse(Encoding.UTF8.GetBytes(defaults), "transformers");

    /// <inheritdoc/>
    public override string ModelType => modelType;

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config)
    {
        var part = config.Section("text_config") ?? throw config.Unsupported("text_config", "an object");
        if (part.TextOrNull("model_type") is { } type && !string.Equals(type, text.ModelType, StringComparison.Ordinal))
            throw part.NotComputed("model_type", $"{modelType} models whose text part is {text.ModelType}");

        var options = text.Options(part.WithDefaults(_defaults));
        return options with { Names = options.Names with { Prefixes = Prefixes, HeadPrefixes = ["language_model.", ""] } };
    }

    /// <inheritdoc/>
    public override bool Ignores(string name) =>
        text.Ignores(name) || Array.Exists(OtherParts, prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
