using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// Phi-3 and 3.5 (https://arxiv.org/abs/2404.14219): Llama with fused projections, a window in every layer, LongRoPE in the long-context
/// models.
/// </summary>
internal sealed class Phi3Family : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "phi3";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config) => Common(config) with
    {
        QueryKeyValueLayout = QueryKeyValueLayout.Stacked,
        ResidualDropout = config.Dropout("resid_pdrop", 0),
        Windows = Windows(config, config.CountOrNull("sliding_window"), _ => true),
        Names = new DecoderNames { GateUp = "mlp.gate_up_proj" },
    };
}
