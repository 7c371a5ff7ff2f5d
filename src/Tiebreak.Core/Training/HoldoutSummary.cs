namespace Tiebreak.Core.Training;

/// <summary>What a training held out, as <c>judge.json</c> states it.</summary>
/// <param name="Share">The share of the target's battles that was asked for.</param>
/// <param name="Battles">Battles held out.</param>
/// <param name="Prompts">Prompts that they are about.</param>
/// <param name="LeftOut">Battles of other sources about these prompts: neither trained on nor scored.</param>
public sealed record HoldoutSummary(double Share, int Battles, int Prompts, int LeftOut);
