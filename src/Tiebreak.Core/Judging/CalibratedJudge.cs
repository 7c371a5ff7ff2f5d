using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Judging;

/// <summary>Another judge whose preferences are calibrated.</summary>
/// <param name="inner">The judge to calibrate; disposed with this one.</param>
/// <param name="steps">What is done to its preferences, in this order.</param>
internal sealed class CalibratedJudge(IJudge inner, IReadOnlyList<ICalibration> steps) : IJudge
{
    /// <inheritdoc/>
    public JudgeTraits Traits => inner.Traits;

    /// <inheritdoc/>
    public async Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
    {
        var outcomes = await inner.JudgeAsync(request, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = Calibrated(outcomes[i], request.Battles[i]);
        return outcomes;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private JudgeOutcome Calibrated(JudgeOutcome outcome, Battle battle) => outcome with
    {
        First = outcome.First is { } first ? Calibrator.Apply(steps, first, battle) : null,
        Second = outcome.Second is { } second ? Calibrator.Apply(steps, second, battle) : null,
    };
}
