using Tiebreak.Torch;

namespace Tiebreak.Transformers.Embeddings;

/// <summary>How a model that is no judge embeds battles.</summary>
public sealed record EmbeddingOptions
{
    /// <summary>Most tokens of a text, and of the pair.</summary>
    public int MaxTokens { get; init; } = 1024;

    /// <summary>What is computed with.</summary>
    public DType Type { get; init; } = DType.Float32;

    /// <summary>What linear layers are computed with.</summary>
    internal LinearCompute Compute { get; init; }

    /// <summary>Where: <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of the CPU.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
