using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Hosting.Diagnostics;
using Tiebreak.Hosting.Judging;
using Tiebreak.Hosting.Reading;
using Tiebreak.Hosting.Serving;

namespace Tiebreak.Hosting.Recording;

/// <summary>
/// Asks another judge what the served one was asked, after the caller has been answered, and keeps the battles where the two name different
/// winners. Where the shadow is too slow, battles are left out and counted.
/// </summary>
/// <param name="shadow">The other judge.</param>
/// <param name="divergences">The battles where it differs; tags say what each of the two named.</param>
internal sealed class ShadowComparison(ServedJudge shadow, BattleRecord divergences) : IDisposable
{
    private const string Nothing = "abstained";

    /// <summary>Compares in the background.</summary>
    public void Compare(IReadOnlyList<(Battle Battle, BattleResult Result)> answered) =>
        _ = Task.Run(() => CompareAsync(answered), CancellationToken.None);

    /// <inheritdoc/>
    public void Dispose() => divergences.Dispose();

    private async Task CompareAsync(IReadOnlyList<(Battle Battle, BattleResult Result)> answered)
    {
        try
        {
            using var lease = shadow.Rent();
            var question = new JudgeQuestion { Patience = shadow.Options.Timeout };
            PostedBattle[] asked =
                [.. answered.Select(pair => new PostedBattle(pair.Battle.Id, pair.Battle, Problem: null, UnknownKeys: null))];
            var results = await question.AskAsync(lease, asked, CancellationToken.None).ConfigureAwait(false);
            for (var i = 0; i < results.Length; i++)
                Compare(answered[i].Battle, answered[i].Result, results[i]);
        }
        catch (Exception exception) when (exception is TiebreakException or OperationCanceledException or ObjectDisposedException)
        {
            Count("dropped", answered.Count);
        }
    }

    private void Compare(Battle battle, BattleResult served, BattleResult shadowed)
    {
        if (shadowed.Error is not null)
        {
            Count("failed", 1);
            return;
        }

        var isSame = string.Equals(served.Winner, shadowed.Winner, StringComparison.Ordinal);
        Count(isSame ? "same" : "different", 1);
        if (!isSame)
        {
            string[] tags = [$"served {served.Winner ?? Nothing}", $"shadow {shadowed.Winner ?? Nothing}"];
            divergences.Add([battle with { Tags = [.. battle.Tags ?? [], .. tags] }]);
        }
    }

    private static void Count(string result, int battles) =>
        ServingMeter.Shadowed.Add(battles, new KeyValuePair<string, object?>(ServingMeter.ResultTag, result));
}
