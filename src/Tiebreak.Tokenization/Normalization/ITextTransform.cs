using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Normalization;

/// <summary>Rewrites a text, and tells for every byte it writes which part of the source it stands for.</summary>
internal interface ITextTransform
{
    /// <summary>Appends the rewritten <c>source[from..to]</c> to the target.</summary>
    void Apply(AlignedText source, int from, int to, AlignedText target);
}
