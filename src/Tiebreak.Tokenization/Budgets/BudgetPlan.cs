namespace Tiebreak.Tokenization.Budgets;

/// <summary>Which tokens of a battle stay: for every turn and part how many, and from which end.</summary>
internal sealed class BudgetPlan
{
    private const int Parts = 3;
    private static readonly double[] Thirds = [1, 1, 1];
    private static readonly double[] OneTwoTwo = [1, 2, 2];

    private readonly int[][] _needs;
    private readonly int[] _turnFrame;
    private readonly int _promptCopies;

    /// <summary>Creates a plan in which nothing is kept yet.</summary>
    /// <param name="needs">Tokens of prompt, response A and response B of every turn.</param>
    /// <param name="turnFrame">Tokens that the template spends on every turn.</param>
    /// <param name="promptCopies">How often the template shows a prompt.</param>
    public BudgetPlan(int[][] needs, int[] turnFrame, int promptCopies)
    {
        _needs = needs;
        _turnFrame = turnFrame;
        _promptCopies = promptCopies;
        Kept = [.. needs.Select(_ => new int[Parts])];
    }

    /// <summary>Tokens kept of prompt, response A and response B of every turn.</summary>
    public int[][] Kept { get; }

    /// <summary>The first turn that is shown.</summary>
    public int FirstTurn { get; private set; }

    /// <summary>Whether the ends of the texts are kept instead of their beginnings.</summary>
    public bool KeepsEnds { get; private set; }

    /// <summary>Fills the plan.</summary>
    /// <param name="strategy">Any but <see cref="BudgetStrategy.End"/>.</param>
    /// <param name="budget">Tokens for the turns, their frames included.</param>
    public void Fit(BudgetStrategy strategy, int budget)
    {
        KeepsEnds = strategy is BudgetStrategy.Left;
        if (strategy is BudgetStrategy.Rounds or BudgetStrategy.Left)
            FitRounds(strategy, budget);
        else
            FitTotals(strategy, budget);
    }

    private void FitRounds(BudgetStrategy strategy, int budget)
    {
        FirstTurn = _needs.Length;
        for (var turn = _needs.Length - 1; turn >= 0; turn--)
        {
            var left = budget - _turnFrame[turn];
            var cost = Cost(_needs[turn]);
            var isLast = turn == _needs.Length - 1;

            // A round of which both sides cannot show anything says nothing.
            if (left < cost && !isLast && left < MinRound)
                return;
            FirstTurn = turn;
            _needs[turn].CopyTo(Kept[turn], 0);
            if (left < cost)
            {
                double[] weights = strategy is BudgetStrategy.Left
                    ? [_needs[turn][0] * _promptCopies, _needs[turn][1], _needs[turn][2]]
                    : OneTwoTwo;
                Divide(_needs[turn], weights, Math.Max(0, left)).CopyTo(Kept[turn], 0);
                return;
            }

            budget = left - cost;
        }
    }

    private void FitTotals(BudgetStrategy strategy, int budget)
    {
        // Frames of the first turns are given up where frames alone would take more than half.
        while (FirstTurn < _needs.Length - 1 && 2 * _turnFrame[FirstTurn..].Sum() > budget)
            FirstTurn++;
        budget = Math.Max(0, budget - _turnFrame[FirstTurn..].Sum());
        int[] totals = [.. Enumerable.Range(0, Parts).Select(part => _needs[FirstTurn..].Sum(turn => turn[part]))];
        var shares = Cost(totals) <= budget ? totals : strategy switch
        {
            BudgetStrategy.Thirds => Divide(totals, Thirds, budget),
            BudgetStrategy.OneTwoTwo => Divide(totals, OneTwoTwo, budget),
            _ => DivideLonger(totals, budget),
        };
        for (var part = 0; part < Parts; part++)
            Spread(part, shares[part]);
    }

    /// <summary>Tokens for a last word of each side and a little of the prompt.</summary>
    private const int MinRound = 32;

    private int Cost(int[] tokens) => (tokens[0] * _promptCopies) + tokens[1] + tokens[2];

    /// <summary>Divides among prompt, A and B; a prompt that is shown twice costs twice.</summary>
    private int[] Divide(int[] needs, double[] weights, int budget)
    {
        int[] costs = [needs[0] * _promptCopies, needs[1], needs[2]];

        // One token for each side comes first: no share is so small that a response is cut away.
        int[] first = [0, Math.Min(1, needs[1]), Math.Min(1, needs[2])];
        if (first[1] + first[2] > budget)
            return [0, 0, 0];
        int[] rest = [costs[0], costs[1] - first[1], costs[2] - first[2]];
        var shares = Shares.Divide(rest, weights, budget - first[1] - first[2], heir: 0);
        return [shares[0] / _promptCopies, first[1] + shares[1], first[2] + shares[2]];
    }

    private int[] DivideLonger(int[] totals, int budget)
    {
        var prompts = Math.Min(totals[0] * _promptCopies, Math.Max(budget / 5, budget - totals[1] - totals[2])) / _promptCopies;
        var responses = Divide([0, totals[1], totals[2]], OneTwoTwo, budget - (prompts * _promptCopies));
        return [prompts, responses[1], responses[2]];
    }

    /// <summary>Gives every turn its part of the tokens, the last turns what rounding leaves over.</summary>
    private void Spread(int part, int share)
    {
        int[] needs = [.. _needs[FirstTurn..].Select(turn => turn[part])];
        var shares = Shares.Divide(needs, [.. needs.Select(_ => 1.0)], share);
        var over = share - shares.Sum();
        for (var turn = needs.Length - 1; turn >= 0; turn--)
        {
            var more = Math.Min(over, needs[turn] - shares[turn]);
            Kept[FirstTurn + turn][part] = shares[turn] + more;
            over -= more;
        }
    }
}
