using Tiebreak.App.Comparing;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Hosting.Diagnostics;
using Tiebreak.Hosting.Problems;
using Tiebreak.Hosting.Reading;
using Tiebreak.Hosting.Serving;

namespace Tiebreak.Hosting.Judging;

/// <summary>What is asked about each battle of a request.</summary>
internal sealed record JudgeQuestion
{
    /// <summary>Whether the answers of both orders are wanted, beside the judge's own.</summary>
    public bool BothOrders { get; init; }

    /// <summary>Whether reasons are wanted.</summary>
    public bool Explain { get; init; }

    /// <summary>How long the caller waits.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>Reads the address of a request.</summary>
    /// <param name="query">The parameters of the address.</param>
    /// <param name="time">The time of the request.</param>
    /// <exception cref="ApiException">A parameter is unknown or wrong.</exception>
    public static JudgeQuestion Of(IQueryCollection query, RequestTime time)
    {
        QueryFlags.RequireOnly(query, "both_orders", "explain");
        return new JudgeQuestion
        {
            BothOrders = QueryFlags.Flag(query, "both_orders"),
            Explain = QueryFlags.Flag(query, "explain"),
            Patience = time.Patience,
        };
    }

    /// <summary>Asks a judge.</summary>
    /// <param name="lease">The judge.</param>
    /// <param name="posted">Battles as they were read; what could not be read is told as such.</param>
    /// <param name="cancellationToken">Takes the battles back.</param>
    /// <returns>One result for each, in their order.</returns>
    /// <exception cref="Batching.QueueFullException">Too much waits already.</exception>
    public async Task<BattleResult[]> AskAsync(
        JudgeLease lease, IReadOnlyList<PostedBattle> posted, CancellationToken cancellationToken)
    {
        var judge = lease.Judge;
        var results = new BattleResult[posted.Count];
        var (places, battles) = (new List<int>(posted.Count), new List<Battle>(posted.Count));
        for (var i = 0; i < results.Length; i++)
        {
            if ((posted[i].Problem ?? Lacking(judge.Bundle, posted[i].Battle!)) is { } problem)
            {
                results[i] = Failed(posted[i].Id, new BattleError(ErrorCodes.Input, $"The battle {problem}.", Transient: false));
                continue;
            }

            places.Add(i);
            battles.Add(posted[i].Battle!);
        }

        var request = new JudgeRequest { Battles = battles, Orders = OrdersFor(judge.Bundle) };
        var outcomes = await judge.Batching.JudgeAsync(request, Patience, cancellationToken).ConfigureAwait(false);
        for (var k = 0; k < outcomes.Length; k++)
        {
            var result = Answered(judge.Bundle.Manifest, outcomes[k], battles[k]);
            Count(judge, result);
            results[places[k]] = Explain && result.Error is null
                ? result with { Reasons = await ReasonsAsync(judge, battles[k], cancellationToken).ConfigureAwait(false) }
                : result;
        }

        lease.Observer?.Answered(posted, results);
        return results;
    }

    private static async Task<IReadOnlyList<Reason>?> ReasonsAsync(OpenedJudge judge, Battle battle, CancellationToken cancellationToken) =>
        judge.Bundle.OneOrder.Traits.Explainer is { } explainer
            ? CompareBattle.Telling(await explainer.ExplainAsync(battle, cancellationToken).ConfigureAwait(false))
            : null;

    // The bundle's answer is made of both orders or of one; a symmetric judge gives the other one for nothing.
    private Orders OrdersFor(Bundle bundle) =>
        BothOrders || (bundle.Manifest.Swap is SwapPolicy.Always && !bundle.OneOrder.Traits.IsSymmetric) ? Orders.Both : Orders.First;

    private BattleResult Answered(BundleManifest manifest, JudgeOutcome outcome, Battle battle)
    {
        if (outcome.Failure is { } failure)
            return Failed(battle.Id, ErrorOf(failure));

        var steps = manifest.CalibrationSteps;
        var asGiven = Calibrator.Apply(steps, outcome.First!.Value, battle);
        var answer = manifest.Swap is SwapPolicy.Always ? Calibrator.Apply(steps, outcome.Preference, battle) : asGiven;
        return new BattleResult(battle.Id)
        {
            Preference = PerOutcome.Of(answer),
            Winner = manifest.Decide(answer, outcome.AbstainedBy) is { } winner ? VerdictText.Format(winner.ToVerdict()) : null,
            AsGiven = BothOrders ? PerOutcome.Of(asGiven) : null,
            Exchanged = BothOrders
                ? PerOutcome.Of(Calibrator.Apply(steps, outcome.Second!.Value.Swapped(), battle.Swapped()).Swapped())
                : null,
            AbstainedBy = manifest.AbstainedBy(answer, outcome.AbstainedBy),
            Outcomes = manifest.PredictionSets is { } sets ? new OutcomeSet(sets.Coverage, sets.SetOf(answer)) : null,
            NeitherAcceptable = outcome.NeitherAcceptable,
        };
    }

    private static void Count(OpenedJudge judge, BattleResult result) => ServingMeter.Results.Add(
        1,
        new KeyValuePair<string, object?>(ServingMeter.ResultTag, result.Error is not null ? "failed" : result.Winner ?? "abstained"),
        new KeyValuePair<string, object?>(ServingMeter.VersionTag, judge.Version));

    private static string? Lacking(Bundle bundle, Battle battle) =>
        battle.Numbers is null && bundle.OneOrder.Traits.Numbers is { Count: > 0 } needed
            ? $"has no \"numbers\", of which the judge needs {string.Join(", ", needed)}"
            : null;

    private static BattleResult Failed(string id, BattleError error) => new(id) { Error = error };

    private static BattleError ErrorOf(JudgeFailure failure) => new(
        failure.Code switch
        {
            FailureCode.BattleFailed => "battle-failed",
            FailureCode.InvalidAnswer => "invalid-answer",
            FailureCode.OutOfMemory => ErrorCodes.OutOfMemory,
            _ => "unavailable",
        },
        failure.Message,
        failure.IsTransient);
}
