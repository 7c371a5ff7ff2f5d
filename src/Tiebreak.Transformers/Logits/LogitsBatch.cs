using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Logits;

/// <summary>A padded batch out of an input file, without its padding.</summary>
/// <param name="Name">What the file calls it.</param>
/// <param name="Rows">The sequences.</param>
/// <param name="Before">How many pads stood before each.</param>
/// <param name="PaddedLength">Tokens of a row with its padding.</param>
internal sealed record LogitsBatch(string Name, IReadOnlyList<TokenSequence> Rows, IReadOnlyList<int> Before, int PaddedLength);
