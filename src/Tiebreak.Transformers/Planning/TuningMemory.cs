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

    /// <summary>What the backward pass needs of the forward pass, and what it needs besides in one layer.</summary>
    public required long ActivationBytes { get; init; }

    /// <summary>All of it.</summary>
    public long TotalBytes => ProgramBytes + BaseBytes + LearnedBytes + OptimiserBytes + ActivationBytes;

    /// <summary>Counts.</summary>
    /// <param name="config">The model.</param>
    /// <param name="cost">Its weights.</param>
    /// <param name="learned">What learns.</param>
    /// <param name="recipe">How.</param>
    /// <param name="widest">What is computed together.</param>
    /// <param name="isCpu">Whether a processor computes, and no card.</param>
    public static TuningMemory Of(
        ModelConfig config, ModelCost cost, LearnedParameters learned, JudgeRecipe recipe, WidestPart widest, bool isCpu)
    {
        var (tuning, size) = (recipe.Tuning!, recipe.Type.Size);
        var copies = (size == Float32Bytes ? 0 : 1) + (tuning.Options.Ema > 0 ? 1 : 0);
        var given = tuning.Method is TuningMethod.Full ? learned.Count * size : 0; // what learns has memory of its own
        var moved = tuning.Adversarial is AdversarialKind.Weights ? learned.Count * size : 0;
        var activations = Activations(config, cost, recipe, widest, hasKernels: isCpu && recipe.Type is not DType.Float16);
        var vectors = 2 * Float32Bytes * learned.LargestGroup; // of the optimiser, after the backward pass
        return new TuningMemory
        {
            BaseBytes = cost.MappedBytes + Math.Max(0, cost.OwnedBytes - given) + cost.DequantizedBytes,
            MappedBytes = cost.MappedBytes,
            LearnedBytes = (2 * learned.Count * size) + moved,
            OptimiserBytes = Float32Bytes * (3 + copies) * learned.Count,
            ActivationBytes = Math.Max((long)activations, vectors),
        };
    }

    private static double Activations(ModelConfig config, ModelCost cost, JudgeRecipe recipe, WidestPart widest, bool hasKernels)
    {
        var family = ModelFamilies.Of(config);
        var decoder = (family as DecoderFamily)?.Options(config);
        var (products, scores) = decoder is not null
            ? OfDecoder(decoder, cost.Layer, recipe, widest.Longest, hasKernels)
            : OfEncoder(((EncoderFamily)family).Options(config).AttentionDropout > 0, cost.Layer, recipe, widest.Longest, hasKernels);
        if (recipe.Tuning!.Options.GradientCheckpointing)
        {
            // What parts of layers read, which are computed again: attention and feed-forward parts of decoders apart from each other.
            var parts = decoder is { IsParallel: false } ? 2 : 1;
            return widest.Tokens * ((cost.Layers * parts * (double)cost.Layer.Hidden * recipe.Type.Size) + products + scores);
        }

        // The last layer computes little but for tokens that the head reads. In the layer that the backward pass is in, gradients take as
        // much as what goes into its products (measured: bench/results, tuning.md).
        var layers = cost.Layers - (widest.AllAreRead ? 0 : 1);
        return widest.Tokens * ((layers * (products + scores)) + products);
    }

    // Bytes of one token in one layer: what goes into products, norms and activations, and the factors of dropout where they are kept.
    private static (double Products, double Scores) OfEncoder(
        bool hasDropout, LayerShape shape, JudgeRecipe recipe, int longest, bool hasKernels)
    {
        var size = recipe.Type.Size;
        var states = (hasDropout && !hasKernels ? 10.0 : 8) * shape.Hidden;
        var products = ((states + (2.0 * shape.Intermediate)) * size) + OfAdapters(shape, recipe, sharedInputs: 2, hasKernels);

        // Without dropout attention is one operator, which keeps no scores.
        var isFused = !hasDropout && shape.ScoreTerms == 1;
        var scores = Scores(hasDropout, shape, size, longest, isInOnePass: hasKernels && shape.ScoreTerms == 1, hasKernels);
        return (products, isFused ? 0 : scores * shape.ScoreTerms);
    }

    private static (double Products, double Scores) OfDecoder(
        DecoderOptions options, LayerShape shape, JudgeRecipe recipe, int longest, bool hasKernels)
    {
        // Two norms in float32: what goes in, and for the gradient of their weight what they make of it.
        var size = recipe.Type.Size;
        var norms = 2.0 * shape.Hidden * Float32Bytes * (recipe.Tuning!.Method is TuningMethod.Lora ? 1 : 2);
        var attention = (double)shape.HeadDimension * ((2 * shape.Heads) + (2 * shape.KeyHeads)) * size;
        var isInOnePass = hasKernels && options.AttentionSoftcap is null;
        var scores = Scores(options.AttentionDropout > 0, shape, size, longest, isInOnePass, hasKernels) * (shape.IsCausal ? 0.5 : 1);
        var products = norms + attention + (4.0 * shape.Intermediate * size) + (2.0 * shape.Hidden * size)
            + OfAdapters(shape, recipe, sharedInputs: 3, hasKernels);
        return (products, scores);
    }

    // Shares in float32 before they are rounded, unless that is one pass; with dropout what is left, and factors where they are kept.
    private static double Scores(bool hasDropout, LayerShape shape, int size, int longest, bool isInOnePass, bool hasKernels)
    {
        var precise = isInOnePass || size == Float32Bytes ? 0 : Float32Bytes;
        var dropped = hasDropout ? (hasKernels ? 1 : 2) * size : 0;
        return (double)shape.Heads * longest * (precise + size + dropped);
    }

    // Each adapter drops other elements of what goes in. What is left takes the place of the input, but of an input that several share
    // (queries, keys and values; the gate and what it opens) each keeps its own. Factors are kept where no kernel computes them again.
    private static double OfAdapters(LayerShape shape, JudgeRecipe recipe, int sharedInputs, bool hasKernels)
    {
        if (recipe.Tuning!.Method is not TuningMethod.Lora || recipe.Tuning.Options.Lora.Dropout == 0)
            return 0;
        var factors = hasKernels ? 0 : (5.0 * shape.Hidden) + (shape.Heads * (double)shape.HeadDimension) + shape.Intermediate;
        return ((sharedInputs * (double)shape.Hidden) + factors) * recipe.Type.Size;
    }
}
