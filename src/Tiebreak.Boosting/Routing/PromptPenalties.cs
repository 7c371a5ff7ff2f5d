namespace Tiebreak.Boosting.Routing;

/// <summary>
/// How strongly each part of <see cref="PromptRatings"/> is held at 0: factors of half the squares, beside the sum of log losses.
/// </summary>
/// <param name="Strengths">Of the strengths on an average prompt.</param>
/// <param name="Models">Of what prompts change about strengths; null for no change at all.</param>
/// <param name="Ties">Of what prompts change about ties; null for no change at all.</param>
internal readonly record struct PromptPenalties(double Strengths, double? Models, double? Ties)
{
    public bool UsesPrompts => Models is not null || Ties is not null;
}
