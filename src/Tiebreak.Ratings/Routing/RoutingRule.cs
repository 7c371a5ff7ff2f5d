namespace Tiebreak.Ratings.Routing;

/// <summary>The rule of routing: the cheapest model that is good enough. The reference always is.</summary>
internal static class RoutingRule
{
    /// <summary>The place of the model to choose; among equally cheap ones the most probable, then the first.</summary>
    /// <param name="probabilities">To win or tie against the reference.</param>
    /// <param name="costs">What each costs.</param>
    /// <param name="reference">The place of the reference.</param>
    /// <param name="threshold">The probability that is good enough.</param>
    public static int Choose(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> costs, int reference, double threshold)
    {
        var best = reference;
        for (var m = 0; m < costs.Length; m++)
        {
            if (m == reference || !(probabilities[m] >= threshold))
                continue;
            if (costs[m] < costs[best] || (costs[m] == costs[best] && best != reference && probabilities[m] > probabilities[best]))
                best = m;
        }

        return best;
    }
}
