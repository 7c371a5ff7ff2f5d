namespace Tiebreak.Tokenization;

/// <summary>A text, or two, as a model takes them. All lists have one entry a token.</summary>
/// <param name="Ids">Token ids.</param>
/// <param name="TypeIds">Segment numbers: which of two texts a token belongs to, as the tokenizer counts them.</param>
/// <param name="Places">The part of its text that each token stands for; empty at 0 for special tokens that were added.</param>
/// <param name="SpecialTokens">Whether the tokenizer added the token.</param>
public sealed record TokenizedText(int[] Ids, int[] TypeIds, TextRange[] Places, bool[] SpecialTokens);
