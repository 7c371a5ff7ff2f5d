namespace Tiebreak.Boosting.TermVectors;

/// <summary>What a <see cref="PairLinearModel"/> sees of one battle.</summary>
/// <param name="Prompt">The prompts, or what else is the same for both sides.</param>
/// <param name="A">The responses of A.</param>
/// <param name="B">The responses of B.</param>
public readonly record struct BattleVectors(TermVector Prompt, TermVector A, TermVector B);
