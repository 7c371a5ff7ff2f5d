using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Judging;

/// <summary>What a judge is asked: which battles, and with A and B in which order.</summary>
public sealed record JudgeRequest
{
    /// <summary>Any number of battles; a judge cuts them into batches that suit it. No outcome depends on their order.</summary>
    public required IReadOnlyList<Battle> Battles { get; init; }

    /// <summary>The orders to judge. Default: the first alone.</summary>
    public Orders Orders { get; init; } = Orders.First;

    /// <summary>Receives the number of battles done so far, counted from the start of the request.</summary>
    public IProgress<int>? Progress { get; init; }

    /// <summary>Answers the request for a judge that judges one order at a time.</summary>
    /// <param name="judge">
    /// Judges battles as they stand: one outcome per battle, whose preference is that of the first order. It is given the progress to
    /// report.
    /// </param>
    /// <param name="isSymmetric">
    /// Whether a swapped battle would get the swapped preference anyway; then nothing is judged twice. See
    /// <see cref="Capabilities.JudgeTraits.IsSymmetric"/>.
    /// </param>
    public async Task<JudgeOutcome[]> AnswerAsync(
        Func<IReadOnlyList<Battle>, IProgress<int>?, Task<JudgeOutcome[]>> judge, bool isSymmetric)
    {
        ArgumentNullException.ThrowIfNull(judge);
        if (isSymmetric)
            return Array.ConvertAll(await judge(Battles, Progress).ConfigureAwait(false), outcome => outcome.ForBoth(Orders));
        if (Orders == Orders.First)
            return await judge(Battles, Progress).ConfigureAwait(false);

        Battle[] exchanged = [.. Battles.Select(battle => battle.Swapped())];
        if (Orders == Orders.Second)
            return Array.ConvertAll(await judge(exchanged, Progress).ConfigureAwait(false), outcome => outcome.OfExchanged());

        var first = await judge(Battles, Half(offset: 0)).ConfigureAwait(false);
        var second = await judge(exchanged, Half(offset: Battles.Count)).ConfigureAwait(false);
        return [.. first.Zip(second, (one, other) => JudgeOutcome.Join(one, other.OfExchanged()))];
    }

    private HalfProgress? Half(int offset) => Progress is null ? null : new HalfProgress(Progress, offset);

    private sealed class HalfProgress(IProgress<int> progress, int offset) : IProgress<int>
    {
        public void Report(int value) => progress.Report((offset + value) / 2);
    }
}

/// <summary>In which order a judge reads the responses of a battle.</summary>
[Flags]
public enum Orders
{
    /// <summary>None; no request asks for it.</summary>
    None = 0,

    /// <summary>A before B, as they stand in the battle.</summary>
    First = 1,

    /// <summary>B before A.</summary>
    Second = 2,

    /// <summary>Both, so that a judge can share work between them.</summary>
    Both = First | Second,
}
