namespace Tiebreak.Transformers.Sequences;

/// <summary>The tokens of one row.</summary>
/// <param name="Id">The row's id, for messages.</param>
/// <param name="Tokens">Token ids, without padding.</param>
public sealed record TokenSequence(string Id, IReadOnlyList<int> Tokens);
