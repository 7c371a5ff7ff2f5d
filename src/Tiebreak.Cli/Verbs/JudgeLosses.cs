using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Cli.Verbs;

/// <summary>What a judge does not read of the battles that it is asked about, where it has a budget of tokens.</summary>
internal static class JudgeLosses
{
    /// <summary>Does the work, notes on the way what the judge does not read, and then says what was lost.</summary>
    /// <param name="session">The verb's session.</param>
    /// <param name="oneOrder">The judge.</param>
    /// <param name="battles">What it is asked about.</param>
    /// <param name="isTimed">
    /// Whether the work has to end in time. Battles that this judge was not asked about, because time was up or other workers have judged
    /// them, are then not counted; otherwise they are, after the work.
    /// </param>
    /// <param name="work">Asks the judge, and returns what the verb has to say.</param>
    /// <param name="cancellationToken">Stops the counting.</param>
    /// <returns>The same, with <c>truncation</c>.</returns>
    public static async Task<JsonObject> WithAsync(
        Session session,
        IJudge oneOrder,
        IReadOnlyList<Battle> battles,
        bool isTimed,
        Func<Task<JsonObject>> work,
        CancellationToken cancellationToken)
    {
        if (oneOrder.Traits.TokenBudget is not { } budget)
            return await work();

        var losses = budget.Losses = new LossRecord(battles);
        var result = await work();
        if (!isTimed)
            await budget.MeasureLossesAsync(losses, cancellationToken);

        var report = losses.Report();
        BudgetLosses.Say(session, report, budget.MaxTokens);
        result["truncation"] = BudgetLosses.ToJson(report);
        return result;
    }
}
