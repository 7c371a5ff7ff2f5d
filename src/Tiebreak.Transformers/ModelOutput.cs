namespace Tiebreak.Transformers;

/// <summary>What a model computed for a batch of rows.</summary>
public sealed record ModelOutput
{
    /// <summary>The head's output: logits of labels, or of the whole vocabulary after the last token; a list for each row.</summary>
    public required IReadOnlyList<float[]> Logits { get; init; }

    /// <summary>Final hidden states at the first, the last and two tokens between, for each row.</summary>
    public required IReadOnlyList<HiddenSample> LastHiddenStates { get; init; }

    /// <summary>The first row's last token after the embedding and after each layer.</summary>
    public required IReadOnlyList<HiddenSample> LayerTrace { get; init; }
}
