using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Ensembles;

/// <summary>What an ensemble promises, from what its members promise.</summary>
internal static class EnsembleTraits
{
    /// <summary>
    /// Symmetric where all members are; abstaining where all members do that count; the reasons of those that explain, by weight; the
    /// numbers that any needs; and the token budget of the member that reads least.
    /// </summary>
    /// <param name="members">The members.</param>
    /// <param name="weights">How much each counts.</param>
    public static JudgeTraits Of(IReadOnlyList<MemberJudge> members, IReadOnlyList<double> weights)
    {
        var explaining = members.Zip(weights).Where(member => member.First.Traits.Explainer is not null && member.Second > 0).ToList();
        return new JudgeTraits
        {
            IsSymmetric = members.All(member => member.Traits.IsSymmetric),
            SharesOrders = members.Any(member => member.Traits.SharesOrders),
            EstimatesAcceptability = members.Any(member => member.Traits.EstimatesAcceptability),
            Abstains = members.Zip(weights).All(member => member.Second == 0 || member.First.Traits.Abstains),
            Explainer = explaining.Count > 0 ? new MemberReasons(explaining) : null,
            TokenBudget = members.Select(member => member.Traits.TokenBudget).OfType<ITokenBudget>().MinBy(budget => budget.MaxTokens),
            Numbers = [.. members.SelectMany(member => member.Traits.Numbers).Distinct(StringComparer.Ordinal)],
        };
    }

    private sealed class MemberReasons(IReadOnlyList<(MemberJudge Member, double Weight)> members) : IBattleExplainer
    {
        public async Task<IReadOnlyList<Reason>> ExplainAsync(Battle battle, CancellationToken cancellationToken = default)
        {
            var reasons = new List<Reason>();
            foreach (var (member, weight) in members)
            {
                var found = await member.Traits.Explainer!.ExplainAsync(battle, cancellationToken).ConfigureAwait(false);
                reasons.AddRange(found.Select(reason => new Reason(
                    $"{member.Name}: {reason.Name}", reason.Value, weight * reason.TowardsA, weight * reason.TowardsTie)));
            }

            return [.. reasons.OrderByDescending(reason => Math.Abs(reason.TowardsA) + Math.Abs(reason.TowardsTie))];
        }
    }
}
