namespace Tiebreak.Torch.Quantization;

/// <summary>Choices of <see cref="Gptq"/>.</summary>
public sealed record GptqOptions
{
    /// <summary>Inputs that share a scale.</summary>
    public int GroupSize { get; init; } = 128;

    /// <summary>
    /// Takes inputs in the order of their importance ("act-order", desc_act): a little better, and groups are then scattered.
    /// </summary>
    public bool ActOrder { get; init; }

    /// <summary>Added to the diagonal of the second moments, as a share of its mean.</summary>
    public double Damping { get; init; } = 0.01;
}
