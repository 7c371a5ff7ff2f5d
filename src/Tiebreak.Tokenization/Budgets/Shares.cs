namespace Tiebreak.Tokenization.Budgets;

/// <summary>Divides a budget: everybody gets a share by weight, and what somebody does not need goes to the others.</summary>
internal static class Shares
{
    /// <summary>
    /// The division. Equal weights and needs get equal shares, so that exchanging two of them exchanges their shares; what rounding leaves
    /// over goes to nobody, or to <paramref name="heir"/>.
    /// </summary>
    /// <param name="needs">What each would take, in tokens.</param>
    /// <param name="weights">In which proportion they share.</param>
    /// <param name="budget">Tokens to divide.</param>
    /// <param name="heir">Who takes the tokens that rounding leaves over, or -1.</param>
    public static int[] Divide(ReadOnlySpan<int> needs, ReadOnlySpan<double> weights, int budget, int heir = -1)
    {
        var shares = new int[needs.Length];
        var isOpen = new bool[needs.Length];
        for (var i = 0; i < needs.Length; i++)
            isOpen[i] = needs[i] > 0;

        for (var changed = true; changed;)
        {
            changed = false;
            var (left, weight) = (budget, 0.0);
            for (var i = 0; i < needs.Length; i++)
            {
                left -= isOpen[i] ? 0 : shares[i];
                weight += isOpen[i] ? weights[i] : 0;
            }

            for (var i = 0; i < needs.Length; i++)
            {
                if (!isOpen[i])
                    continue;
                shares[i] = Math.Min(needs[i], (int)Math.Floor(left * weights[i] / weight));
                if (shares[i] < needs[i])
                    continue;
                isOpen[i] = false;
                changed = true;
            }
        }

        if (heir >= 0)
            shares[heir] = Math.Min(needs[heir], shares[heir] + budget - shares.Sum());
        return shares;
    }
}
