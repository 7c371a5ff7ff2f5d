using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;

namespace Tiebreak.Core.Judging;

/// <summary>Makes another judge more or less sure of itself: see <see cref="Temperature"/>.</summary>
/// <param name="inner">The judge to calibrate; disposed with this one.</param>
/// <param name="temperature">Above 1 flattens, below 1 sharpens.</param>
public sealed class TemperatureScaledJudge(IJudge inner, Temperature temperature) : IJudge
{
    /// <inheritdoc/>
    public bool IsSymmetric => inner.IsSymmetric;

    /// <inheritdoc/>
    public async Task<Preference[]> JudgeAsync(
        IReadOnlyList<Battle> battles, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var preferences = await inner.JudgeAsync(battles, progress, cancellationToken);
        for (var i = 0; i < preferences.Length; i++)
            preferences[i] = temperature.Apply(preferences[i]);
        return preferences;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
