namespace Tiebreak.Transformers.Sequences;

/// <summary>Tokens of a batch: all of them, or one of each sequence, whose hidden state stands for the sequence.</summary>
public enum TokenSelection
{
    /// <summary>Every token.</summary>
    All,

    /// <summary>The first token of each sequence, [CLS]: what heads of encoders read.</summary>
    FirstToken,

    /// <summary>The last token of each sequence: what heads of decoders read, because only it has seen everything.</summary>
    LastToken,
}
