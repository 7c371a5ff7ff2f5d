using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// SmolLM 3: Llama with a tied head, and without position embedding in every fourth layer (https://arxiv.org/abs/2501.18795). Where there
/// are windows, those layers have them.
/// </summary>
internal sealed class SmolLm3Family : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "smollm3";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config)
    {
        var options = WithAttentionBias(config, Common(config, theta: 2_000_000, tiesEmbedding: true));
        var rotates = Rotates(config, options.LayerCount);
        return options with
        {
            FeedForwardBias = config.Flag("mlp_bias", fallback: false),
            LayerRotary = [.. rotates.Select(rotated => rotated ? options.Rotary : null)],
            Windows = Windows(config, OptionalWindow(config), layer => !rotates[layer]),
        };
    }

    // "no_rope_layers" is 1 where a layer has position embeddings, and 0 where it has none.
    private static bool[] Rotates(ModelConfig config, int layers)
    {
        var every = config.Count("no_rope_layer_interval", 4);
        var stated = config.WholesOrNull("no_rope_layers") ?? [.. Enumerable.Range(1, layers).Select(i => i % every == 0 ? 0 : 1)];
        return stated.Count == layers
            ? [.. stated.Select(value => value != 0)]
            : throw config.Unsupported("no_rope_layers", $"a list of {layers}, one for each layer");
    }
}
