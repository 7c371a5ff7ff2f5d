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
    public JudgeTraits Traits { get; } = inner.Traits with { IsSymmetric = true, SharesOrders = false };

    /// <inheritdoc/>
    public async Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
    {
        if (inner.Traits.IsSymmetric)
            return await inner.JudgeAsync(request, cancellationToken).ConfigureAwait(false);

        var outcomes = await inner.JudgeAsync(request with { Orders = Orders.Both }, cancellationToken).ConfigureAwait(false);
        return Array.ConvertAll(outcomes, outcome => outcome.ForBoth(request.Orders));
    }

    /// <summary>The mean of two preferences for the same battle.</summary>
    public static Preference Mean(Preference one, Preference other) =>
        new((one.A + other.A) / 2, (one.B + other.B) / 2, (one.Tie + other.Tie) / 2);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
