using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using Tiebreak.Transformers.Weights.Quantized;

namespace Tiebreak.Transformers.Planning;

/// <summary>Counts a <see cref="ModelCost"/> over the tensors that the model asks for.</summary>
internal sealed class ModelCostCount(ModelConfig config, HeadKind kind, Checkpoint? checkpoint, QuantizedLayout? quantization)
{
    private const int Float32Bytes = sizeof(float);

    public ModelCost Count(DType type, LinearCompute compute)
    {
        // Two plans: one that ignores the quantisation counts parameters, one with it counts what lies in the files.
        var plain = Plan(quantization: null);
        var stored = quantization is null ? plain : Plan(quantization);
        var head = HeadLinears();
        LinearShape[] quantizable = [.. plain.Linears.Where(linear => !head.Contains(linear.Name))];
        var isInt8 = compute is LinearCompute.Int8;
        var bytes = Bytes(stored, type, isInt8 ? [.. quantizable.Select(linear => $"{linear.Name}.weight")] : []).ToList();
        var ofLayers = bytes.Where(tensor => tensor.Layer is not null).GroupBy(tensor => tensor.Layer).ToList();
        var largest = quantizable.Select(Size).DefaultIfEmpty(0).Max();
        var (layers, shape, expertShare) = Shape();
        using var backbone = ModelFamilies.Of(config).CreateBackbone(config, new WeightPlan(checkpoint, quantization: null));
        return new ModelCost
        {
            ModelType = config.ModelType,
            Parameters = plain.Asked.DistinctBy(tensor => tensor.Name, StringComparer.Ordinal).Sum(tensor => tensor.Count),
            QuantizableParameters = quantizable.Sum(Size),
            ActiveParameters = (long)quantizable.Sum(
                linear => Size(linear) * (linear.Name.Contains(".experts.", StringComparison.Ordinal) ? expertShare : 1)),
            StoredBytes = checkpoint?.Entries.DistinctBy(entry => (entry.Path, entry.Offset)).Sum(entry => entry.ByteCount),
            MappedBytes = bytes.Sum(tensor => tensor.Mapped),
            OwnedBytes = bytes.Sum(tensor => tensor.Owned),
            LayerMappedBytes = ofLayers.Select(layer => layer.Sum(tensor => tensor.Mapped)).DefaultIfEmpty(0).Max(),
            LayerOwnedBytes = ofLayers.Select(layer => layer.Sum(tensor => tensor.Owned)).DefaultIfEmpty(0).Max(),
            LayersOwnedBytes = ofLayers.Sum(layer => layer.Sum(tensor => tensor.Owned)),
            DequantizedBytes = quantization is null || isInt8
                ? 0
                : largest * (type is DType.Float32 ? Float32Bytes : Float32Bytes + type.Size), // dequantised in float32, then rounded
            ElementBytes = type.Size,
            Layer = shape,
            LayerPositionBytes = LayerPositionBytes(type, isInt8),
            Layers = layers,
            MaxPositions = backbone.MaxPositions,
            ReadsAllTokens = backbone.Pooling is TokenSelection.All or TokenSelection.Mean,
            Sharing = PrefixSharing.Of(backbone, padding: null, backbone.Pooling),
        };
    }

    // Relative positions are projected once and kept where weights are laid out for blocks (DisentangledAttention).
    private long LayerPositionBytes(DType type, bool isInt8)
    {
        var isLaidOut = type is DType.BFloat16 && (isInt8 ? Int8BlockWeight.IsSupported : BFloat16BlockWeight.IsSupported);
        if (!isLaidOut || ModelFamilies.Of(config) is not EncoderFamily family)
            return 0;
        var encoder = family.Options(config);
        return encoder.Relative is { } relative ? 2L * relative.Span * encoder.HiddenSize * (relative.Terms - 1) * type.Size : 0;
    }

    private static long Size(LinearShape linear) => (long)linear.Inputs * linear.Outputs;

    private WeightPlan Plan(QuantizedLayout? quantization)
    {
        var plan = new WeightPlan(checkpoint, quantization);
        TransformerModel.Create(config, kind, plan).Dispose();
        return plan;
    }

    private HashSet<string> HeadLinears()
    {
        var backbone = new WeightPlan(checkpoint, quantization: null);
        TransformerModel.Create(config, HeadKind.None, backbone).Dispose();
        var all = Plan(quantization: null).Linears.Select(linear => linear.Name);
        return [.. all.Except(backbone.Linears.Select(linear => linear.Name), StringComparer.Ordinal)];
    }

    // Of each tensor, with the number of its layer.
    private IEnumerable<(int? Layer, long Mapped, long Owned)> Bytes(WeightPlan plan, DType type, HashSet<string> int8)
    {
        var declared = DTypes.OfModelNamed(config.TextOrNull("torch_dtype") ?? config.TextOrNull("dtype")) ?? DType.BFloat16;
        foreach (var tensor in plan.Asked.DistinctBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            var stored = checkpoint?.Contains(tensor.Name) is true ? checkpoint[tensor.Name].Type : declared;
            var layer = LayerNumber.Of(tensor.Name);
            yield return int8.Contains(tensor.Name) ? (layer, 0, tensor.Count + (Float32Bytes * tensor.Shape[0]))
                : stored == type || plan.Kept.Contains(tensor.Name) ? (layer, tensor.Count * stored.Size, 0)
                : (layer, 0, tensor.Count * type.Size);
        }
    }

    private (int Layers, LayerShape Shape, double ExpertShare) Shape()
    {
        if (ModelFamilies.Of(config) is DecoderFamily decoders)
        {
            var options = decoders.Options(config);
            var shape = new LayerShape
            {
                Hidden = options.HiddenSize,
                Intermediate = options.Experts == 0 ? options.IntermediateSize : options.ExpertSize * options.ExpertsPerToken,
                FeedForwardTokens = FeedForward.ChunkTokens,
                Heads = options.Heads,
                HeadDimension = options.HeadDimension,
                KeyHeads = options.KeyValueHeads,
                IsCausal = options.IsCausal,
                Windows = options.Windows,
            };
            return (options.LayerCount, shape, options.Experts == 0 ? 1 : (double)options.ExpertsPerToken / options.Experts);
        }

        var encoder = ((EncoderFamily)ModelFamilies.Of(config)).Options(config);
        return (encoder.LayerCount, new LayerShape
        {
            Hidden = encoder.HiddenSize,
            Intermediate = encoder.IntermediateSize,
            Heads = encoder.Heads,
            HeadDimension = encoder.HiddenSize / encoder.Heads,
            KeyHeads = encoder.Heads,
            ScoreTerms = encoder.Relative?.Terms ?? 1,
        }, 1);
    }
}
