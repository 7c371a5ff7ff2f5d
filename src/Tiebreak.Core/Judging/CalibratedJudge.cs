using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Judging;

/// <summary>Another judge whose preferences are calibrated.</summary>
/// <param name="inner">The judge to calibrate; disposed with this one.</param>
/// <param name="steps">What is done to its preferences, in this order.</param>
public sealed class CalibratedJudge(IJudge inner, IReadOnlyList<ICalibration> steps) : IJudge
{
    /// <inheritdoc/>
    public JudgeTraits Traits => inner.Traits;

    /// <inheritdoc/>
    public async Task<Preference[]> JudgeAsync(
        IReadOnlyList<Battle> battles, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var preferences = await inner.JudgeAsync(battles, progress, cancellationToken);
        for (var i = 0; i < preferences.Length; i++)
            preferences[i] = Calibrator.Apply(steps, preferences[i], battles[i]);
        return preferences;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
