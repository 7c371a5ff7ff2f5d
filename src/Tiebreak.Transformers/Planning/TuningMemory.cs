using Tiebreak.Torch;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Tuning;
using Tiebreak.Transformers.Tuning.Noise;

namespace Tiebreak.Transformers.Planning;

/// <summary>What a training holds in memory at its widest place, in bytes, counted by the configuration.</summary>
internal sealed record TuningMemory
{
    private const int Float32Bytes = sizeof(float);

    // While the backward pass is in a layer: its inside, the gradients that pass it, buffers of products, and what the allocator keeps of
    // tensors that are gone, in units of the inside; measured (bench/results, tuning.md).
    private const double LayersAtWork = 2.3;

    /// <summary>The program itself; see <see cref="ModelCost.ProgramBytes"/>.</summary>
    public long ProgramBytes { get; } = ModelCost.ProgramBytes;

    /// <summary>The model's weights as they are loaded.</summary>
    public required long BaseBytes { get; init; }

    /// <summary>The part of them that stays in mapped files, which the system can drop and read again.</summary>
    public required long MappedBytes { get; init; }

    /// <summary>What learns, and its gradients.</summary>
    public required long LearnedBytes { get; init; }

    /// <summary>The optimiser: gradients of the step and their averages in float32, and copies of weights that are not.</summary>
    public required long OptimiserBytes { get; init; }

    /// <summary>What the backward pass needs of the forward pass.</summary>
    public required long ActivationBytes { get; init; }

    /// <summary>All of it.</summary>
    public long TotalBytes => ProgramBytes + BaseBytes + LearnedBytes + OptimiserBytes + ActivationBytes;

    /// <summary>Counts.</summary>
    /// <param name="config">The model.</param>
    /// <param name="cost">Its weights.</param>
    /// <param name="learned">What learns.</param>
    /// <param name="recipe">How.</param>
    /// <param name="tokens">Tokens that are computed together.</param>
    /// <param name="longest">Tokens of the longest sequence.</param>
    /// <param name="isCpu">Whether a processor computes, and no card.</param>
    public static TuningMemory Of(
        ModelConfig config, ModelCost cost, LearnedParameters learned, JudgeRecipe recipe, int tokens, int longest, bool isCpu)
    {
        var (tuning, size) = (recipe.Tuning!, recipe.Type.Size);
        var copies = (size == Float32Bytes ? 0 : 1) + (tuning.Options.Ema > 0 ? 1 : 0);
        var given = tuning.Method is TuningMethod.Full ? learned.Count * size : 0; // what learns has memory of its own
        var moved = tuning.Adversarial is AdversarialKind.Weights ? learned.Count * size : 0;
        return new TuningMemory
        {
            BaseBytes = cost.MappedBytes + Math.Max(0, cost.OwnedBytes - given) + cost.DequantizedBytes,
            MappedBytes = cost.MappedBytes,
            LearnedBytes = (2 * learned.Count * size) + moved,
            OptimiserBytes = Float32Bytes * (((3 + copies) * learned.Count) + (2 * learned.LargestGroup)),
            ActivationBytes = (long)Activations(
                config, cost, recipe, tokens, longest, hasKernels: isCpu && recipe.Type is not DType.Float16),
        };
    }

    private static double Activations(ModelConfig config, ModelCost cost, JudgeRecipe recipe, int tokens, int longest, bool hasKernels)
    {
        var family = ModelFamilies.Of(config);
        var decoder = (family as DecoderFamily)?.Options(config);
        var layer = tokens * (decoder is not null
            ? OfDecoder(decoder, cost.Layer, recipe, longest, hasKernels)
            : OfEncoder(((EncoderFamily)family).Options(config).AttentionDropout > 0, cost.Layer, recipe, longest, hasKernels));

        // What parts of layers read, which are computed again: attention and feed-forward parts of decoders apart from each other.
        var parts = decoder is { IsParallel: false } ? 2 : 1;
        var inputs = (double)tokens * cost.Layer.Hidden * recipe.Type.Size;
        var others = recipe.Tuning!.Options.GradientCheckpointing ? cost.Layers * parts * inputs : (cost.Layers - 1) * layer;
        return others + (LayersAtWork * layer);
    }

    // Bytes of one token in one layer: what goes into products, norms and activations, and the factors of dropout where they are kept.
    private static double OfEncoder(bool hasDropout, LayerShape shape, JudgeRecipe recipe, int longest, bool hasKernels)
    {
        var size = recipe.Type.Size;
        var states = (hasDropout && !hasKernels ? 10.0 : 8) * shape.Hidden;
        var products = ((states + (2.0 * shape.Intermediate)) * size) + OfAdapters(shape, recipe, hasKernels);

        // Without dropout attention is one operator, which keeps no scores.
        var isFused = !hasDropout && shape.ScoreTerms == 1;
        var scores = Scores(hasDropout, shape, size, longest, isInOnePass: hasKernels && shape.ScoreTerms == 1, hasKernels);
        return products + (isFused ? 0 : scores * shape.ScoreTerms);
    }

    private static double OfDecoder(DecoderOptions options, LayerShape shape, JudgeRecipe recipe, int longest, bool hasKernels)
    {
        var size = recipe.Type.Size;
        var norms = 2 * shape.Hidden * (Float32Bytes + (2.0 * Float32Bytes));
        var attention = (double)shape.HeadDimension * ((2 * shape.Heads) + (2 * shape.KeyHeads)) * size;
        var isInOnePass = hasKernels && options.AttentionSoftcap is null;
        var scores = Scores(options.AttentionDropout > 0, shape, size, longest, isInOnePass, hasKernels) * (shape.IsCausal ? 0.5 : 1);
        return norms + attention + scores + (4.0 * shape.Intermediate * size) + (2.0 * shape.Hidden * size)
            + OfAdapters(shape, recipe, hasKernels);
    }

    // Shares in float32 before they are rounded, unless that is one pass; with dropout what is left, and factors where they are kept.
    private static double Scores(bool hasDropout, LayerShape shape, int size, int longest, bool isInOnePass, bool hasKernels)
    {
        var precise = isInOnePass || size == Float32Bytes ? 0 : Float32Bytes;
        var dropped = hasDropout ? (hasKernels ? 1 : 2) * size : 0;
        return (double)shape.Heads * longest * (precise + size + dropped);
    }

    // Each adapter drops other elements of what goes in: what is left is kept, and the factors where no kernel computes them again.
    private static double OfAdapters(LayerShape shape, JudgeRecipe recipe, bool hasKernels)
    {
        if (recipe.Tuning!.Method is not TuningMethod.Lora || recipe.Tuning.Options.Lora.Dropout == 0)
            return 0;
        var inputs = (5.0 * shape.Hidden) + (shape.Heads * (double)shape.HeadDimension) + shape.Intermediate;
        return (hasKernels ? 1 : 2) * inputs * recipe.Type.Size;
    }
}
