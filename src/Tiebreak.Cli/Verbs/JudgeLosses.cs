using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Tokenization.Budgets;

namespace Tiebreak.Cli.Verbs;

/// <summary>What a judge does not read of the battles that it is asked about, where it has a budget of tokens.</summary>
internal static class JudgeLosses
{
    /// <summary>Counts in the background, while the judge works, does the work, and then says what was lost.</summary>
    /// <param name="session">The verb's session.</param>
    /// <param name="bundle">The judge.</param>
    /// <param name="battles">What it is asked about.</param>
    /// <param name="work">Asks it, and returns what the verb has to say.</param>
    /// <param name="cancellationToken">Stops the counting.</param>
    /// <returns>The same, with <c>truncation</c>.</returns>
    public static async Task<JsonObject> WithAsync(
        Session session, Bundle bundle, IReadOnlyList<Battle> battles, Func<Task<JsonObject>> work, CancellationToken cancellationToken)
    {
        if (bundle.Judge.Traits.TokenBudget is not { } budget)
            return await work();

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var counting = budget.MeasureLossesAsync(battles, stop.Token);
        JsonObject result;
        try
        {
            result = await work();
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }

        var report = await counting;
        BudgetLosses.Say(session, report, budget.MaxTokens);
        result["truncation"] = BudgetLosses.ToJson(report);
        return result;
    }
}
