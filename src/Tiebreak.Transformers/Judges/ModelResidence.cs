using Tiebreak.Core.Judging;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Planning;

namespace Tiebreak.Transformers.Judges;

/// <summary>Whether memory holds a judge's model as a whole, or two of its layers at a time.</summary>
internal sealed record ModelResidence
{
    // Most bytes of hidden states between two layers: with so many tokens a layer computes for long, beside the reading of the next one.
    private const long MostSliceBytes = 2L << 30;

    // Weights that are a quarter of the memory fit in whatever they are converted to; nothing needs to be counted.
    private const int SurelyFits = 4;

    /// <summary>Everything is held.</summary>
    public static readonly ModelResidence Whole = new();

    /// <summary>Layers are opened one after the other, for all rows of a slice.</summary>
    public bool IsLayerMajor { get; private init; }

    /// <summary>Most tokens of a slice, where layers come one after the other: their hidden states are in memory at once.</summary>
    public int SliceTokens { get; private init; }

    /// <summary>What people should know of it, as a sentence; null: nothing.</summary>
    public string? Notice { get; private init; }

    /// <summary>Decides.</summary>
    /// <param name="recipe">The model, and how it is computed.</param>
    /// <param name="placement">Where, with how much memory, and what was asked for.</param>
    public static ModelResidence Of(JudgeRecipe recipe, Placement placement)
    {
        if (placement.LayerMajor is false)
            return Whole;
        var isAsked = placement.LayerMajor is true;
        var memory = placement.MemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (!isAsked && (placement.Device is not Placement.Cpu || SurelyFits * StoredBytes(recipe.Options.Model!) < memory))
            return Whole;

        var cost = ModelCost.Of(recipe);
        var row = (long)recipe.Options.MaxTokens * (recipe.Options.Chunks > 1 ? 2 * recipe.Options.Chunks : 1);
        var tokens = (int)Math.Min(int.MaxValue, Math.Max(recipe.Options.BatchTokens, row));
        var total = cost.TotalBytes(tokens, recipe.Options.MaxTokens);
        if (!isAsked && !IsNeeded(cost, total, memory))
            return Whole;
        return LayerMajor(cost, tokens, recipe.Options.MaxTokens, memory) with
        {
            Notice = isAsked
                ? "The model is computed layer by layer, as was asked for: two of its layers are in memory at a time."
                : string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"The model takes {total / 1e9:0.0} GB, more than the {memory / 1e9:0.0} GB here: it is computed layer by layer, and "
                    + $"two of its layers are in memory at a time."),
        };
    }

    /// <summary>Whether memory does not hold a model, and two of its layers at a time would take less.</summary>
    /// <param name="cost">The model.</param>
    /// <param name="totalBytes">What it takes as a whole.</param>
    /// <param name="memory">Bytes that there are.</param>
    public static bool IsNeeded(ModelCost cost, long totalBytes, long memory) => totalBytes > memory && cost.Layers > 2;

    /// <summary>Layer by layer, in slices that memory holds.</summary>
    /// <param name="cost">The model.</param>
    /// <param name="batchTokens">Most tokens of a batch.</param>
    /// <param name="longest">Tokens of the longest sequence.</param>
    /// <param name="memory">Bytes that there are.</param>
    public static ModelResidence LayerMajor(ModelCost cost, int batchTokens, int longest, long memory)
    {
        // Half of what is left goes to the slice: the system's copy of the files needs the rest.
        var left = (memory - cost.LayerMajorBytes(batchTokens, longest, sliceTokens: 0)) / 2;
        var tokens = Math.Clamp(left, 0, MostSliceBytes) / cost.StateBytes;
        return new() { IsLayerMajor = true, SliceTokens = (int)Math.Max(batchTokens, tokens) };
    }

    private static long StoredBytes(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        return checkpoint.Files.Sum(file => new FileInfo(file).Length);
    }
}
