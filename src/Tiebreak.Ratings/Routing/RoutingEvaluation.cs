using Tiebreak.Core.Evaluation;

namespace Tiebreak.Ratings.Routing;

/// <summary>How good a saved policy is on new votes.</summary>
/// <param name="Gain">Whether its prompts help to predict them.</param>
/// <param name="Curve">What it costs and how good it is.</param>
public sealed record RoutingEvaluation(PromptGain Gain, CostQualityCurve Curve)
{
    /// <summary>Evaluates a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="battles">Battles between models that its predictor knows, on prompts that it was not trained on.</param>
    public static RoutingEvaluation Of(RoutingPolicy policy, LabelledBattles battles)
    {
        var plain = new AveragePromptPredictor(policy.Predictor);
        return new RoutingEvaluation(
            HeldOutVotes.Compare(
                battles, HeldOutVotes.Losses(battles, _ => policy.Predictor), HeldOutVotes.Losses(battles, _ => plain), bradleyTerry: null),
            CostQualityCurve.Measure(battles, _ => policy.Predictor, _ => plain, policy.Costs));
    }
}
