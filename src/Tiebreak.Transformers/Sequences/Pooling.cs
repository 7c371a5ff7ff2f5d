namespace Tiebreak.Transformers.Sequences;

/// <summary>Whose hidden state stands for a sequence.</summary>
public enum Pooling
{
    /// <summary>The last token: decoders, where only it has seen everything.</summary>
    LastToken,

    /// <summary>The first token, [CLS]: encoders.</summary>
    FirstToken,
}
