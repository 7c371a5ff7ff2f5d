using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Weights;
using Tiebreak.Transformers.Weights.Packed;

namespace Tiebreak.Transformers.Planning;

/// <summary>Counts a <see cref="ModelCost"/> over the tensors that the model asks for.</summary>
internal sealed class ModelCostCount(ModelConfig config, HeadKind kind, Checkpoint? checkpoint, PackedLayout? packing)
{
    private const int Float32Bytes = sizeof(float);

    public ModelCost Count(DType type, LinearCompute compute)
    {
        // Two plans: one without packing counts parameters, one with it counts what lies in the files.
        var plain = Plan(packing: null);
        var stored = packing is null ? plain : Plan(packing);
        var head = HeadLinears();
        LinearShape[] packable = [.. plain.Linears.Where(linear => !head.Contains(linear.Name))];
        var isInt8 = compute is LinearCompute.Int8;
        var (mapped, owned) = Bytes(stored, type, isInt8 ? [.. packable.Select(linear => $"{linear.Name}.weight")] : []);
        var largest = packable.Select(Size).DefaultIfEmpty(0).Max();
        var (layers, shape, expertShare) = Shape();
        return new ModelCost
        {
            ModelType = config.ModelType,
            Parameters = plain.Asked.DistinctBy(tensor => tensor.Name, StringComparer.Ordinal).Sum(tensor => tensor.Count),
            PackableParameters = packable.Sum(Size),
            ActiveParameters = (long)packable.Sum(linear =>
                Size(linear) * (linear.Name.Contains(".experts.", StringComparison.Ordinal) ? expertShare : 1)),
            StoredBytes = checkpoint?.Entries.Sum(entry => entry.ByteCount),
            MappedBytes = mapped,
            OwnedBytes = owned,
            // unpacked in float32, then rounded
            UnpackedBytes = packing is null || isInt8 ? 0 : largest * (type is DType.Float32 ? Float32Bytes : Float32Bytes + type.Size),
            ElementBytes = type.Size,
            Layer = shape,
            Layers = layers,
            MaxPositions = MaxPositions(),
        };
    }

    private static long Size(LinearShape linear) => (long)linear.Inputs * linear.Outputs;

    private WeightPlan Plan(PackedLayout? packing)
    {
        var plan = new WeightPlan(name => checkpoint?.Contains(name) ?? false, packing);
        TransformerModel.Create(config, kind, plan).Dispose();
        return plan;
    }

    private HashSet<string> HeadLinears()
    {
        var backbone = new WeightPlan(name => checkpoint?.Contains(name) ?? false);
        ModelFamilies.Of(config).CreateBackbone(config, backbone).Dispose();
        return [.. Plan(packing: null).Linears.Select(linear => linear.Name)
            .Except(backbone.Linears.Select(linear => linear.Name), StringComparer.Ordinal)];
    }

    private (long Mapped, long Owned) Bytes(WeightPlan plan, DType type, HashSet<string> int8)
    {
        var (mapped, owned) = (0L, 0L);
        var declared = (config.TextOrNull("torch_dtype") ?? config.TextOrNull("dtype")) switch { "float32" => DType.Float32, "float16" =>
            DType.Float16, _ => DType.BFloat16 };
        foreach (var tensor in plan.Asked.DistinctBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            var stored = checkpoint is null ? declared : checkpoint[tensor.Name].Type;
            if (int8.Contains(tensor.Name))
                owned += tensor.Count + (Float32Bytes * tensor.Shape[0]);
            else if (stored == type || plan.Kept.Contains(tensor.Name))
                mapped += tensor.Count * stored.Size;
            else
                owned += tensor.Count * type.Size;
        }

        return (mapped, owned);
    }

    private (int Layers, LayerShape Shape, double ExpertShare) Shape()
    {
        if (ModelFamilies.Of(config) is DecoderFamily decoders)
        {
            var options = decoders.Options(config);
            var shape = new LayerShape
            {
                Hidden = options.HiddenSize,
                Intermediate = options.IntermediateSize * Math.Max(1, options.ExpertsPerToken),
                Heads = options.Heads,
                HeadDimension = options.HeadDimension,
                KeyHeads = options.KeyValueHeads,
                IsCausal = true,
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

    private int? MaxPositions()
    {
        using var backbone = ModelFamilies.Of(config).CreateBackbone(config, new WeightPlan(name => checkpoint?.Contains(name) ?? false));
        return backbone.MaxPositions;
    }
}
