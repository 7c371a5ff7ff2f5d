namespace Tiebreak.Transformers.Logits;

/// <summary>A token that stands for an answer.</summary>
/// <param name="Name">The answer: A, B, tie.</param>
/// <param name="Id">The token's id.</param>
public sealed record LabelToken(string Name, int Id);
