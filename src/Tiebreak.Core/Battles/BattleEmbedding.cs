namespace Tiebreak.Core.Battles;

/// <summary>A battle's texts as vectors of a model; a text that is missing in every turn has none.</summary>
/// <param name="Id">The battle's id.</param>
/// <param name="Prompt">The prompts.</param>
/// <param name="ResponseA">The responses of A.</param>
/// <param name="ResponseB">The responses of B.</param>
/// <param name="Pair">The whole battle, A shown first.</param>
public sealed record BattleEmbedding(string Id, float[]? Prompt, float[]? ResponseA, float[]? ResponseB, float[]? Pair);
