using Tiebreak.Core.Evaluation;

namespace Tiebreak.Ratings.Routing;

/// <summary>How good a saved policy is on new votes.</summary>
/// <param name="Gain">Whether its prompts help to predict them.</param>
/// <param name="Curve">What it costs and how good it is.</param>
public sealed record RoutingEvaluation(PromptGain Gain, CostQualityCurve Curve)
{
    /// <summary>Evaluates a policy. Prompts are embedded where the policy reads their vectors.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="battles">Battles between models that its predictor knows, on prompts that it was not trained on.</param>
    /// <param name="cancellationToken">Stops between batches of the embedder.</param>
    public static async Task<RoutingEvaluation> OfAsync(
        RoutingPolicy policy, LabelledBattles battles, CancellationToken cancellationToken = default)
    {
        if (policy.Embedder is not null)
        {
            battles = new LabelledBattles(
                await RoutingBattles.EmbedAsync(battles.Battles, policy.Embedder, cancellationToken).ConfigureAwait(false));
        }

        var plain = new AveragePromptPredictor(policy.Predictor);
        return new RoutingEvaluation(
            HeldOutVotes.Compare(
                battles, HeldOutVotes.Losses(battles, _ => policy.Predictor), HeldOutVotes.Losses(battles, _ => plain), bradleyTerry: null),
            CostQualityCurve.Measure(battles, _ => policy.Predictor, _ => plain, policy.Costs));
    }
}
