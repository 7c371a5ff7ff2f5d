namespace Tiebreak.Tokenization.Formats;

/// <summary>A piece of a SentencePiece model; its place in the list is its id.</summary>
/// <param name="Text">The piece.</param>
/// <param name="Score">Log probability (unigram) or minus its rank (BPE).</param>
/// <param name="Kind">What it is for.</param>
internal readonly record struct SentencePiece(string Text, float Score, SentencePieceKind Kind);
