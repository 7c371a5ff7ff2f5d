using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Judging;

/// <summary>
/// Judges every battle in both orders and takes the mean, which removes what a judge thinks of positions. Symmetric judges pass through.
/// </summary>
/// <param name="inner">The judge of one order; disposed with this one.</param>
public sealed class SwapAveragedJudge(IJudge inner) : IJudge
{
    /// <inheritdoc/>
    public JudgeTraits Traits { get; } = inner.Traits with { IsSymmetric = true };

    /// <inheritdoc/>
    public async Task<Preference[]> JudgeAsync(
        IReadOnlyList<Battle> battles, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        if (inner.Traits.IsSymmetric)
            return await inner.JudgeAsync(battles, progress, cancellationToken);

        var half = new HalfProgress(progress);
        var first = await inner.JudgeAsync(battles, half, cancellationToken);
        half.Offset = battles.Count;
        var second = await inner.JudgeAsync([.. battles.Select(battle => battle.Swapped())], half, cancellationToken);

        for (var i = 0; i < first.Length; i++)
            first[i] = Mean(first[i], second[i].Swapped());
        return first;
    }

    /// <summary>The mean of two preferences for the same battle.</summary>
    public static Preference Mean(Preference one, Preference other) =>
        new((one.A + other.A) / 2, (one.B + other.B) / 2, (one.Tie + other.Tie) / 2);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class HalfProgress(IProgress<int>? progress) : IProgress<int>
    {
        public int Offset { get; set; }

        public void Report(int value) => progress?.Report((Offset + value) / 2);
    }
}
