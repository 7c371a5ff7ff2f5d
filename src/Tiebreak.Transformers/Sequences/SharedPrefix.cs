namespace Tiebreak.Transformers.Sequences;

/// <summary>
/// The first tokens of a sequence that stand at the beginning of another one too, at the same positions. Where each token sees only those
/// before it, both sequences have the same hidden states there.
/// </summary>
/// <param name="Sequence">The other sequence, by its number in the batch: an earlier one. It may have a prefix itself.</param>
/// <param name="Length">How many of its tokens, with those of its own prefix; 1 or more.</param>
public sealed record SharedPrefix(int Sequence, int Length);
